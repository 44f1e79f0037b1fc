// Copies values. Without this script the buttons stay hidden, and the value selects as a whole.
// Each button takes the code element beside it. New fragments bring new buttons, so we listen on the document.
const show = (root) => root.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const value = button.parentElement.querySelector("code, input, textarea");
  await navigator.clipboard.writeText(value.value ?? value.textContent);
  button.setAttribute("title", "Copied");
  button.classList.add("copied");
  setTimeout(() => { button.setAttribute("title", "Copy"); button.classList.remove("copied"); }, 2000);
});
document.addEventListener("htmx:load", (event) => show(event.target));
show(document);

// A swap keeps the disclosures open that were open.
let opened = [];
document.addEventListener("htmx:beforeSwap", (event) => {
  opened = [...event.target.querySelectorAll("details[id][open]")].map((details) => details.id);
});
document.addEventListener("htmx:load", () => {
  opened.forEach((id) => { const details = document.getElementById(id); if (details) details.open = true; });
});
