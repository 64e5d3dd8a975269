// Copies a field's text; the button shows only where the browser lets a page copy.

export function copying() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(field.value);
        document.getElementById("said").textContent = "Copied.";
        button.dataset.done = "";
        setTimeout(() => delete button.dataset.done, 2000);
      } catch {
        field.focus(); // the text is selected: the keyboard copies it
      }
    });
  }
}
