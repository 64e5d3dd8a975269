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

/** Draws a thumbnail. On a canvas, since a page's policy may forbid blob: images. HEIC stays blank in most browsers. */
export async function thumbnail(file: File, canvas: HTMLCanvasElement): Promise<boolean> {
  try {
    const image = await createImageBitmap(file);
    const side = Math.min(image.width, image.height);
    canvas.width = canvas.height = 112;
    canvas.getContext("2d")!.drawImage(image, (image.width - side) / 2, (image.height - side) / 2, side, side, 0, 0, 112, 112);
    image.close();
    return true;
  } catch {
    return false;
  }
}
