import type { MountPanel } from "../shared/contract";
import { registry } from "../shared/registry";
import { languageToFetch } from "../strings/launcher";

/** The script tag that is running now: its data-* configure the element, its nonce loads the rest. */
export const script = document.currentScript as HTMLScriptElement | null;

const TIMEOUT = 15_000;
const loading = new Map<string, Promise<void>>();

/** Fetches a script of ours, once. A failure is forgotten, so that the next call tries again. */
function load(url: string): Promise<void> {
  const begun = loading.get(url);
  if (begun) return begun;
  const tag = document.createElement("script");
  tag.src = url;
  if (script?.nonce) tag.nonce = script.nonce;
  let timer: ReturnType<typeof setTimeout>;
  const promise = new Promise<void>((resolve, reject) => {
    timer = setTimeout(reject, TIMEOUT);
    tag.onload = () => resolve();
    tag.onerror = reject;
    document.head.append(tag);
  }).finally(() => {
    clearTimeout(timer);
    tag.remove();
  });
  loading.set(url, promise);
  promise.catch(() => loading.delete(url));
  return promise;
}

const address = (assets: string, name: string) => `${assets}aftercare-${name}.js?v=${PANEL_VERSION}`;

/** The words of the locale's language; English where they are out of reach. */
export const loadLanguage = (assets: string, locale: string): Promise<void> =>
  load(address(assets, languageToFetch(locale))).catch(() => load(address(assets, "en")));

export async function loadPanel(assets: string, locale: string): Promise<MountPanel> {
  await Promise.all([load(address(assets, "panel")), loadLanguage(assets, locale)]);
  const { mountPanel } = registry();
  if (!mountPanel) throw new Error("the panel's script did not run");
  return mountPanel;
}
