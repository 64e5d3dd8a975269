// Says that something urgent is new, on screen, by sound, in the title and as a desktop notice: never about whom.

const heard = new Set();
const setting = (name) => localStorage.getItem(`aftercare.${name}`) !== "off";

export function say(text) {
  document.getElementById("said").textContent = text;
}

export function toast(text, { tier = "", link = "", button = "", act = null, stays = 8000 } = {}) {
  const box = document.createElement("div");
  box.className = tier ? `alert tier-${tier}` : "alert";
  const words = document.createElement("span");
  words.textContent = text;
  box.append(words);
  if (link) box.append(Object.assign(document.createElement("a"), { href: link, textContent: "Open queue" }));
  const close = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: button || "Dismiss" });
  close.addEventListener("click", () => { box.remove(); act?.(); });
  box.append(close);
  const place = document.getElementById("alerts");
  if (place.children.length > 2) place.firstChild.remove();
  place.append(box);
  belowHeader();
  if (stays) setTimeout(() => box.remove(), stays);
  return box;
}

// On a phone, alerts over a conversation hang below its header, whose height varies; see console.css.
export function belowHeader() {
  const panes = document.querySelector(".panes");
  if (panes) document.getElementById("alerts").style.setProperty("--header", `${Math.ceil(panes.getBoundingClientRect().bottom)}px`);
}

export function title() {
  const alarms = Number(document.getElementById("facts").dataset.alarms);
  const plain = document.title.replace(/^(?:\(\d+\) |Error: )+/, "");
  const error = document.title.includes("Error: ") ? "Error: " : "";
  document.title = `${error}${alarms ? `(${alarms}) ` : ""}${plain}`;
  const icon = document.getElementById("icon");
  const file = `/console/static/${alarms ? "icon-alarm" : "icon"}.svg`;
  if (icon.getAttribute("href") !== file) icon.setAttribute("href", file);
}

// One urgent case, or one raised to urgent, is told once in this browser; what comes into a chat that somebody has, each time.
export function hearCase({ kind, case_id: id, tier, state, back, alarm }, onQueue) {
  if (kind !== "case") return;
  if (alarm && setting("shift")) ring(id, tier, "Something urgent was written in a chat that one of you has.", onQueue);
  if (state !== "open") for (const told of ["urgent", "emergency"]) heard.delete(`${id}:${told}`); // where it waits again, it is told again
  if (state !== "open" || !["urgent", "emergency"].includes(tier)) return;
  if ((heard.has(`${id}:${tier}`) && !back) || !setting("shift")) return;
  if (heard.size > 500) heard.clear();
  heard.add(`${id}:${tier}`);
  const emergency = tier === "emergency";
  const what = emergency ? "emergency" : "urgent case";
  const text = back ? `An ${what} is back in the queue.` : emergency ? "A new emergency is waiting." : "A new urgent case is waiting.";
  ring(id, tier, text, onQueue);
}

function ring(id, tier, text, onQueue) {
  toast(text, { tier, link: onQueue ? "" : "/console", stays: 20_000 });
  once(`alert-${id}-${tier}`, () => {
    if (setting("sound")) beep(tier === "emergency");
    if (globalThis.Notification?.permission === "granted") new Notification("Aftercare", { body: text, tag: `aftercare-${id}-${tier}`, renotify: true });
  });
}

function once(name, work) {
  if (!navigator.locks) return work();
  return navigator.locks.request(`aftercare-${name}`, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    work();
    await new Promise((resolve) => setTimeout(resolve, 4000));
  });
}

let audio;
function beep(twice) {
  if (navigator.userActivation && !navigator.userActivation.hasBeenActive) return; // browsers would only log a warning
  try {
    audio ??= new AudioContext();
    for (const [index, pitch] of (twice ? [880, 660, 880, 660] : [740, 554]).entries()) {
      const tone = audio.createOscillator();
      const level = audio.createGain();
      const start = audio.currentTime + index * 0.18;
      tone.frequency.value = pitch;
      level.gain.setValueAtTime(0.12, start);
      level.gain.exponentialRampToValueAtTime(0.001, start + 0.16);
      tone.connect(level).connect(audio.destination);
      tone.start(start);
      tone.stop(start + 0.17);
    }
  } catch { /* a browser without sound still shows the alert */ }
}

export function alertSettings() {
  const sound = document.getElementById("sound");
  const showSound = () => {
    sound.setAttribute("aria-pressed", String(setting("sound")));
    sound.textContent = setting("sound") ? "Alert sound: on" : "Alert sound: off";
  };
  sound.hidden = false;
  showSound();
  sound.addEventListener("click", () => {
    localStorage.setItem("aftercare.sound", setting("sound") ? "off" : "on");
    showSound();
  });
  const shift = document.getElementById("on-shift");
  const showShift = () => {
    shift.setAttribute("aria-pressed", String(setting("shift")));
    shift.textContent = setting("shift") ? "On shift: alerts reach you" : "Off shift: no alerts here";
  };
  shift.hidden = false;
  showShift();
  shift.addEventListener("click", () => {
    localStorage.setItem("aftercare.shift", setting("shift") ? "off" : "on");
    showShift();
  });
  const desktop = document.getElementById("desktop");
  desktop.hidden = globalThis.Notification?.permission !== "default";
  desktop.addEventListener("click", async () => { desktop.hidden = (await Notification.requestPermission()) !== "default"; });
}
