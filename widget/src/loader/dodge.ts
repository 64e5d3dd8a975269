/**
 * Keeps a fixed button off whatever the page has focused (WCAG 2.2, 2.4.11): calls `lift` with the
 * number of pixels to raise the button by.
 */
export function dodgeFocus(button: HTMLElement, lift: (pixels: number) => void): void {
  const { host } = button.getRootNode() as ShadowRoot;
  let lifted = 0;
  let frame = 0;
  const measure = () => {
    frame = 0;
    const own = button.getBoundingClientRect();
    let wanted = 0;
    const focused = document.activeElement;
    if (own.width && focused && focused !== document.body && focused !== host) {
      const other = focused.getBoundingClientRect();
      const top = own.top + lifted;
      const bottom = own.bottom + lifted;
      const meets =
        other.left < own.right + 8 && other.right > own.left - 8 && other.top < bottom + 8 && other.bottom > top - 8;
      const raised = bottom - other.top + 12;
      // Something as tall as the window cannot be wholly hidden, and leaves nowhere to go.
      if (meets && raised < innerHeight - own.height) wanted = Math.max(0, raised);
    }
    if (wanted !== lifted) lift((lifted = wanted));
  };
  const soon = () => (frame ||= requestAnimationFrame(measure));
  for (const type of ["focusin", "focusout", "scroll", "resize"]) {
    addEventListener(type, soon, { passive: true, capture: true });
  }
}
