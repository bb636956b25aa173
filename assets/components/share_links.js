// Copies the address of the page as it stands, plain or as an exercise with the answer hidden.

export default function ({ data, parentElement }) {
  let root = parentElement.querySelector(".share");
  if (!root) {
    root = document.createElement("div");
    root.className = "share";
    parentElement.appendChild(root);
    const button = (name, label, title) => `<button data-do="${name}" title="${title}">${label}</button>`;
    root.innerHTML =
      button("link", "Copy link", "The page exactly as you see it") +
      button("exercise", "Copy exercise link", "The same with the answer hidden until it is revealed") +
      button("present", "Copy presenting link", "Large type, no sidebar; the arrow keys step") +
      `<span role="status"></span><input readonly aria-label="The copied link" hidden>`;
  }
  root.onclick = async (event) => {
    const asked = event.target.closest("button")?.dataset.do;
    if (!asked) return;
    const url = new URL(window.location.href);
    const names = (url.searchParams.get("hide") ?? "").split(",").filter(Boolean);
    if (asked === "exercise" && !names.includes("answer")) names.push("answer");
    if (names.length) url.searchParams.set("hide", names.join(","));
    if (asked === "present") url.searchParams.set("present", "1");
    const field = root.querySelector("input"), status = root.querySelector("[role=status]");
    const text = url.href.replaceAll("%2C", ",");
    field.hidden = false;
    field.value = text;
    field.select();
    // The clipboard wants https or localhost; elsewhere the old way, and the link stands there selected.
    const copied = await (navigator.clipboard?.writeText(text) ?? Promise.reject()).then(() => true, () => document.execCommand("copy"));
    status.textContent = copied ? "Copied." : "Press Ctrl+C to copy.";
    if (data.photo) status.textContent += " The photo itself is not in the link.";
  };
}
