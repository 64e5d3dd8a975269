/** Two soft notes, made here. A browser that has not been clicked yet keeps silent; that is its to decide. */
export function chime(): void {
  try {
    const audio = new AudioContext();
    [660, 880].forEach((pitch, n) => {
      const note = audio.createOscillator();
      const volume = audio.createGain();
      const at = audio.currentTime + n * 0.13;
      note.frequency.value = pitch;
      volume.gain.setValueAtTime(0.12, at);
      volume.gain.exponentialRampToValueAtTime(0.001, at + 0.4);
      note.connect(volume).connect(audio.destination);
      note.start(at);
      note.stop(at + 0.4);
      if (n) note.onended = () => void audio.close();
    });
  } catch {
    // No sound here.
  }
}
