// Copies the address of the page as it stands, plain or as an exercise with the answer hidden.

export default function ({ data, parentElement }) {
  let root = parentElement.querySelector(".share");
  if (!root) {
    root = document.createElement("div");
    root.className = "share";
    parentElement.appendChild(root);
    const button = (name) => `<button data-do="${name}" title="${data.text[`${name}_help`]}">${data.text[name]}</button>`;
    root.innerHTML =
      ["link", "exercise", "present"].map(button).join("") +
      `<span role="status"></span><input readonly aria-label="${data.text.copied_link}" hidden>`;
  }
  root.onclick = async (event) => {
    const asked = event.target.closest("button")?.dataset.do;
    if (!asked) return;
    const url = new URL(window.location.href);
    const names = (url.searchParams.get("hide") ?? "").split(",").filter(Boolean);
    if (asked === "exercise" && !names.includes("answer")) names.push("answer");
    if (names.length) url.searchParams.set("hide", names.join(","));
    url.searchParams.delete("room"); // a room is joined by its own link
    if (asked === "exercise") for (const name of ["present", "view"]) url.searchParams.delete(name);
    if (asked === "present") url.searchParams.set("present", "1");
    const field = root.querySelector("input"), status = root.querySelector("[role=status]");
    const text = url.href.replaceAll("%2C", ",");
    field.hidden = false;
    field.value = text;
    field.select();
    // The clipboard wants https or localhost; elsewhere the old way, and the link stands there selected.
    const copied = await (navigator.clipboard?.writeText(text) ?? Promise.reject()).then(() => true, () => document.execCommand("copy"));
    status.textContent = data.text[copied ? "copied" : "press"];
    if (data.photo) status.textContent += ` ${data.text.no_photo}`;
  };
}
