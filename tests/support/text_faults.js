// Texts on the page that cannot be read: two that overlap, and those that are cut off. Returns a sentence each.
() => {
  const SLACK = 1.5; // px that rounding may take
  const scrolls = (element) => element.matches(".wide-table, pre"); // sideways, by design, as an ellipsis is
  const whole = "[data-testid=stMain], [data-testid=stSidebarContent]"; // what scrolls as a page does

  function* texts(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) {
        if (node.data.trim()) yield node;
      } else if (node.shadowRoot) {
        yield* texts(node.shadowRoot);
      }
    }
  }
  const above = (element) => element.parentElement ?? element.getRootNode().host ?? null;
  const named = (text) => `"${text.replace(/\s+/g, " ").trim().slice(0, 40)}"`;
  const at = (box) => `(${Math.round(box.left)}, ${Math.round(box.top + scrollY)})`;

  function lines(node) {
    const range = document.createRange();
    range.selectNodeContents(node);
    // Letters fill about the middle 60 % of their line's height.
    return [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1).map((box) => ({
      left: box.left, right: box.right, top: box.top + 0.2 * box.height, bottom: box.bottom - 0.2 * box.height,
    }));
  }

  const found = new Set(), seen = [];
  for (const node of texts(document.body)) {
    const element = node.parentElement;
    if (element.closest("style, script, noscript, title, desc, annotation, .katex-mathml")) continue;
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    let boxes = lines(node).filter((box) => box.right > 0), floats = false, said = "";
    for (let over = element; over && boxes.length && !over.matches(whole); over = above(over)) {
      const style = getComputedStyle(over), box = over.getBoundingClientRect();
      floats ||= ["fixed", "sticky"].includes(style.position);
      if (style.clip !== "auto" || (box.width <= 1 && style.overflow === "hidden")) boxes = []; // for screen readers only
      if (style.display === "inline" || style.overflow === "visible" || scrolls(over)) continue;
      const kept = [];
      for (const line of boxes) {
        const sides = Math.max(line.right - box.right, box.left - line.left), ends = Math.max(line.bottom - box.bottom, box.top - line.top);
        const hiddenX = style.overflowX !== "visible" && style.textOverflow !== "ellipsis" && sides > SLACK;
        const hiddenY = style.overflowY === "hidden" && ends > SLACK;
        if ((hiddenX || hiddenY) && over.dataset.baseweb !== "select") {
          said = `${named(node.data)} is cut off by ${Math.round(Math.max(hiddenX ? sides : 0, hiddenY ? ends : 0))} px at ${at(line)}`;
        }
        const part = {
          left: Math.max(line.left, box.left), right: Math.min(line.right, box.right),
          top: Math.max(line.top, box.top), bottom: Math.min(line.bottom, box.bottom),
        };
        if (part.right > part.left && part.bottom > part.top) kept.push(part);
      }
      boxes = kept;
    }
    if (said) found.add(said);
    if (!floats) for (const box of boxes) seen.push({ node, box, text: node.data.trim() });
  }

  seen.sort((one, other) => one.box.top - other.box.top);
  for (let i = 0; i < seen.length; i++) {
    for (let j = i + 1; j < seen.length && seen[j].box.top < seen[i].box.bottom - SLACK; j++) {
      const [one, other] = [seen[i], seen[j]];
      if (one.node === other.node || one.text === other.text) continue; // a text and the casing it is drawn on
      const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      if (wide > SLACK) found.add(`${named(one.text)} and ${named(other.text)} overlap by ${Math.round(wide)} px at ${at(other.box)}`);
    }
  }
  return [...found];
}
