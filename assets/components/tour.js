// The bar of the tour: its ways on are links, so that Back, reload and a new tab work, and keys follow them. The
// question is answered in the browser. What is asked of a visitor here goes nowhere.

const escaped = (text) => text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);

export default function ({ data, parentElement }) {
  let root = parentElement.querySelector("nav");
  if (!root) {
    root = document.createElement("nav");
    parentElement.appendChild(root);
  }
  const drawn = JSON.stringify(data);
  if (root.drawn !== drawn) {
    root.drawn = drawn;
    draw(root, data);
  }
  const follow = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || isTyping(event)) return;
    const keys = data.present ? { PageDown: "next", PageUp: "previous" } : { n: "next", b: "previous" };
    const link = root.querySelector(`a.${keys[event.key] ?? "none"}`);
    if (!link) return;
    event.preventDefault();
    link.click();
  };
  document.addEventListener("keydown", follow);
  return () => document.removeEventListener("keydown", follow);
}

function isTyping(event) {
  const at = event.composedPath()[0];
  return at.isContentEditable || at.matches?.("textarea, select, input:not([type=radio], [type=checkbox], [type=range])");
}

function draw(root, data) {
  root.setAttribute("aria-label", data.label);
  root.className = data.present ? "present" : "";
  const way = (name, href, label) => (href ? `<a class="${name}" href="${escaped(href)}" title="${escaped(data.keys)}">${escaped(label)}</a>` : "");
  root.innerHTML =
    `<div class="top"><strong>${escaped(data.count)}</strong>` +
    way("previous", data.previousHref, data.back) +
    `<button data-do="end">${escaped(data.end)}</button>` +
    way("next", data.nextHref, data.next) +
    `</div><p>${escaped(data.say)}</p>` +
    `<details><summary><b>${escaped(data.checkpoint)}.</b> ${escaped(data.question)}</summary><div class="options">` +
    data.options.map((option, k) => `<button data-option="${k}" aria-pressed="false">${escaped(option.text)}</button>`).join("") +
    `</div><output aria-live="polite"></output></details>`;
  root.onclick = (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.do === "end") {
      const url = new URL(window.location.href);
      url.searchParams.delete("tour");
      window.location.assign(url);
      return;
    }
    for (const one of root.querySelectorAll("[data-option]")) one.setAttribute("aria-pressed", one === button);
    const option = data.options[button.dataset.option];
    root.querySelector("output").textContent = `${option.right ? data.right : data.wrong} ${option.feedback}`;
  };
}
