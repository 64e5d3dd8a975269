// Starts what the page at hand needs.

import { alertSettings, belowHeader, hearCase, title } from "./alerts.js";
import { announcing } from "./announce.js";
import { conversation } from "./case.js";
import { copying } from "./copy.js";
import { keys } from "./keys.js";
import { live } from "./live.js";
import { queue } from "./queue.js";
import { review } from "./review.js";
import { session } from "./session.js";
import { adopt } from "./whose.js";

const main = document.getElementById("main");
const isQueue = main.classList.contains("queue");
const page = isQueue ? queue() : main.dataset.conversation ? conversation(main)
  : main.classList.contains("review") ? review() : { refresh() {}, keys: {} };

session();
copying();
for (const here of document.querySelectorAll(":is(.nav-tabs, .sub-nav) [aria-current]")) here.scrollIntoView({ block: "nearest", inline: "center" });
alertSettings();
announcing();
keys(page.keys);
document.addEventListener("parts", () => { title(); belowHeader(); });
addEventListener("resize", belowHeader);
document.addEventListener("signed-in", page.refresh);
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
for (const field of document.querySelectorAll("[data-select]")) field.addEventListener("focus", () => field.select());

// Parts of a conversation also show the counts of the queue: any case's change concerns every page.
live(main.dataset.lastEvent ?? -1, (type, data) => {
  if (type === "signed-out") adopt(true); // the stream's session: this tab may have one by now
  if (type === "change") hearCase(data, isQueue);
  if (isQueue || type === "reset" || type === "caught-up" || page.concerns?.(data) || data.kind === "case") page.refresh();
});
