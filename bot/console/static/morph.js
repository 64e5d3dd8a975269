// Brings an element to the state of another one, touching only what differs: caret, selection, scroll and open
// <details> stay. Children with an id are matched by it. An element with data-keep is left alone.

const OWN = { DETAILS: ["open"], DIALOG: ["open"], IMG: [] };

export function morph(old, fresh) {
  if (old.isEqualNode(fresh) || old.dataset?.keep !== undefined) return;
  attributes(old, fresh);
  children(old, fresh);
}

function attributes(old, fresh) {
  const own = OWN[old.tagName] ?? [];
  for (const { name, value } of fresh.attributes) {
    if (!own.includes(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (!own.includes(name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
}

function children(old, fresh) {
  const byId = new Map([...old.children].filter((child) => child.id).map((child) => [child.id, child]));
  let at = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    let match = wanted.id ? byId.get(wanted.id) : null;
    if (!wanted.id && at && at.nodeType === wanted.nodeType && at.nodeName === wanted.nodeName && !at.id) match = at;
    if (!match) {
      old.insertBefore(document.importNode(wanted, true), at);
      continue;
    }
    if (match === at) at = at.nextSibling;
    else old.insertBefore(match, at);
    if (wanted.nodeType === Node.ELEMENT_NODE) morph(match, wanted);
    else if (match.nodeValue !== wanted.nodeValue) match.nodeValue = wanted.nodeValue;
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

// Every part of a fragment that has its counterpart on the page, except those named.
export function morphParts(fragment, except = []) {
  for (const part of [...fragment.children]) {
    const here = part.id && !except.includes(part.id) && document.getElementById(part.id);
    if (here) morph(here, part);
  }
  document.dispatchEvent(new CustomEvent("parts"));
}
