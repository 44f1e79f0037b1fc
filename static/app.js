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

// What is chosen while a search is on its way stays chosen in the list that comes.
let chosen = new Map();
document.addEventListener("htmx:beforeSwap", ({ target }) => {
  if (target.matches(".pick-list")) chosen = new Map([...target.querySelectorAll("input")].map((box) => [box.value, box.checked]));
});
document.addEventListener("htmx:load", ({ target }) => {
  if (!target.matches(".pick-list")) return;
  target.querySelectorAll("input").forEach((box) => { if (chosen.has(box.value)) box.checked = chosen.get(box.value); });
});

// A list that is put anew into a box that is open is read at once, as when the box is opened.
document.addEventListener("htmx:load", (event) => {
  if (event.target.matches("[data-list]")) event.target.closest("details[open]")?.dispatchEvent(new Event("toggle"));
});

// A field that is saved when the session has ended leads to sign-in: the whole form goes along, and waits there; what is
// typed while it is on its way goes along too.
let leaving = false;
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const form = document.getElementById("wizard");
  if (!form || !event.detail.xhr.getResponseHeader("HX-Redirect")?.startsWith("/accounts/login/")) return;
  event.preventDefault();
  leaving = true;
  form.submit();
});
document.addEventListener("input", ({ target }) => { if (leaving) target.form?.submit(); });
