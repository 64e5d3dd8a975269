import { install } from "./element";

// A second copy of this script (included twice, or run again by Turbo) finds the element defined and leaves.
if (!customElements.get("aftercare-chat")) install();
