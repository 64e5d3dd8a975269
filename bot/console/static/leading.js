// Which of a browser's tabs does something for all: the first; and another where that one has fallen silent.

// `begin` does it and returns how to stop. Out: `take`, to do it here from now on.
export function leading(name, begin) {
  let stop = null;
  let queued = null;
  const ask = (steal) => {
    queued?.abort();
    queued = new AbortController();
    const hold = () => new Promise(() => { stop = begin(); });
    navigator.locks.request(name, steal ? { steal } : { signal: queued.signal }, hold).catch(() => {
      if (!stop) return; // only the waiting was given up
      stop();
      stop = null;
      ask(false);
    });
  };
  ask(false);
  return { take: () => { if (!stop) ask(true); } };
}
