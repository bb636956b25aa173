// On every page: Escape leaves presenting unless it closes something first, and a choice in the menu closes it on phones.
// The page that a browser opens first is shown below its title once it is laid out, so that nothing moves when seen.

const OPEN = "[role=dialog], [role=listbox], [data-testid=stPopoverBody], [data-testid=stMainMenuPopover], .term:focus";
const PHONE = 768; // px: up to this width the menu covers the page

const QUIET = 150, FRAMES = 8; // ms and pictures of the screen, both without a change in height: then it is laid out
const LONGEST = 6000; // ms after which an unfinished page is shown: it is late

export default function ({ data }) {
  showOnceLaidOut();
  const leave = (event) => {
    if (event.key !== "Escape" || !data.present || document.fullscreenElement || document.querySelector(OPEN)) return;
    if (event.composedPath()[0].matches?.("input:not([type=range]), textarea")) return; // Escape undoes what is typed
    const url = new URL(window.location.href);
    for (const name of ["present", "view"]) url.searchParams.delete(name);
    window.location.assign(url);
  };
  const close = (event) => {
    if (window.innerWidth > PHONE || !event.target.closest?.("[data-testid=stSidebar] a")) return;
    document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
  };
  // Before anyone else hears the key: what it closes is still open then.
  window.addEventListener("keydown", leave, true);
  document.addEventListener("click", close);
  return () => {
    window.removeEventListener("keydown", leave, true);
    document.removeEventListener("click", close);
  };
}

function showOnceLaidOut() {
  const mark = document.body.dataset;
  if ("laidOut" in mark) return;
  mark.laidOut = "no";
  const start = performance.now();
  let height = -1, since = start, frames = 0;
  const look = () => {
    const now = performance.now(), main = document.querySelector("[data-testid=stMainBlockContainer]");
    const waits = document.querySelector("[data-testid=stSkeleton], [data-testid=stApp][data-test-script-state=running]");
    if (waits || main?.scrollHeight !== height) [height, since, frames] = [main?.scrollHeight, now, 0];
    if (now - start > LONGEST || isShown(main)) mark.laidOut = "late";
    else if (now - since > QUIET && ++frames > FRAMES) mark.laidOut = "yes";
    else requestAnimationFrame(look);
  };
  look();
}

// page.css does not wait for this script for ever.
const isShown = (main) => main?.firstElementChild && getComputedStyle(main.firstElementChild).visibility === "visible";
