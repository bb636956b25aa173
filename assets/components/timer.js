// A timer for the class, in this browser only: it goes on over reloads and from page to page of the tab.

const KEPT = "dark_explorer_timer"; // when it ends, ms since 1970

export default function ({ data, parentElement }) {
  let root = parentElement.querySelector(".timer");
  if (!root) {
    root = document.createElement("div");
    root.className = "timer";
    parentElement.appendChild(root);
    root.innerHTML =
      `<span class="starts"></span><span class="runs" hidden><output role="timer"></output>` +
      `<button data-do="more"></button><button data-do="stop"></button></span><span class="ended" role="status"></span>`;
  }
  const find = (selector) => root.querySelector(selector);
  root.classList.toggle("present", data.present);
  find(".starts").innerHTML = `<span>${data.label}</span>` + data.minutes.map((n) => `<button data-minutes="${n}">${data.start.replace("{minutes}", n)}</button>`).join("");
  find("[data-do=more]").textContent = data.more;
  find("[data-do=stop]").textContent = data.stop;
  const end = () => Number(sessionStorage.getItem(KEPT));
  const show = () => {
    const left = Math.ceil((end() - Date.now()) / 1000), running = end() > 0;
    find(".starts").hidden = running;
    find(".runs").hidden = !running;
    if (!running) {
      find(".ended").textContent = "";
      return;
    }
    const seconds = Math.max(left, 0);
    find("output").textContent = data.left.replace("{time}", `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
    const said = left > 0 ? "" : data.over;
    if (find(".ended").textContent !== said) find(".ended").textContent = said;
    root.classList.toggle("over", left <= 0);
  };
  root.onclick = (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.minutes) sessionStorage.setItem(KEPT, Date.now() + 60000 * button.dataset.minutes);
    else if (button.dataset.do === "more") sessionStorage.setItem(KEPT, Math.max(end(), Date.now()) + 60000);
    else sessionStorage.removeItem(KEPT);
    show();
  };
  show();
  const ticking = setInterval(show, 250);
  return () => clearInterval(ticking);
}
