/** An id of chance. `crypto.randomUUID` exists on https only; a clinic may try the widget on plain http first. */
export const uuid = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
