"use strict";
// A button to copy beside each text that is there to be copied; without scripts it is marked by hand.
for (const text of document.querySelectorAll("pre.copied")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  const told = document.createElement("span");
  told.setAttribute("role", "status");
  told.className = "small";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      told.textContent = " Copied.";
    } catch {
      // The clipboard is there in secure places only: mark the text, so that one key copies it.
      getSelection().selectAllChildren(text);
      told.textContent = " Marked: copy it with Ctrl+C.";
    }
  });
  text.after(button, told);
}
