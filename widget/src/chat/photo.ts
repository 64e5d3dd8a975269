export const MAX_BYTES = 10 * 1000 * 1000;
export const ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif";

export type PhotoProblem = "photoTooBig" | "photoWrongType" | "photoEmpty";

/** The server decides by the file's content; this spares an upload that it would refuse. */
export function problemOf(file: File): PhotoProblem | null {
  const right = file.type ? /^image\/(jpeg|png|webp|hei[cf])$/.test(file.type) : /\.(jpe?g|png|webp|hei[cf])$/i.test(file.name);
  if (!right) return "photoWrongType";
  if (!file.size) return "photoEmpty";
  return file.size > MAX_BYTES ? "photoTooBig" : null;
}

const SMALL = 112; // pixels of a thumbnail's side
const LARGE = 640; // pixels of the longer side of a picture that is looked at

/**
 * Draws a picture: the middle of it as a thumbnail, or `whole`. On a canvas, since a page's policy may forbid blob:
 * images. HEIC stays blank in most browsers.
 */
export async function draw(file: Blob, canvas: HTMLCanvasElement, whole = false): Promise<boolean> {
  try {
    const image = await createImageBitmap(file);
    const { width, height } = image;
    const side = Math.min(width, height);
    const scale = whole ? Math.min(1, LARGE / Math.max(width, height)) : SMALL / side;
    const cut = (length: number) => (whole ? length : side);
    canvas.width = cut(width) * scale;
    canvas.height = cut(height) * scale;
    canvas.getContext("2d")!.drawImage(image, (width - cut(width)) / 2, (height - cut(height)) / 2, cut(width), cut(height), 0, 0, canvas.width, canvas.height);
    image.close();
    return true;
  } catch {
    return false;
  }
}
