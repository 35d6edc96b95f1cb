// 遮挡框: draw, move, resize and remove boxes over a photo. The rows of numbers are the truth; the
// picture follows them, and the preview follows both.
const SVG = "http://www.w3.org/2000/svg";
const SIDES = ["x", "y", "w", "h"];
const LEAST = 8; // pixels of the picture: less is a click
const STEP = 4;
const PAUSE = 500; // ms after the last change, then the preview is made anew

const form = document.querySelector("[data-cover]");
if (form) start(form);

function start(form) {
  const stage = form.querySelector("[data-stage]");
  const list = form.querySelector("[data-rows]");
  const size = [Number(form.dataset.wide), Number(form.dataset.high)];
  let chosen = null;
  let timer = 0;
  for (const row of rows()) if (!filled(row)) row.remove();
  stage.classList.add("is-live");
  for (const part of form.querySelectorAll("[data-live]")) part.hidden = false;
  for (const part of form.querySelectorAll("[data-plain]")) part.hidden = true;
  draw();

  function rows() {
    return [...list.querySelectorAll("[data-row]")];
  }
  function filled(row) {
    return SIDES.some((side) => row.querySelector(`[name=${side}]`).value.trim());
  }
  function place(row) {
    return SIDES.map((side) => Number(row.querySelector(`[name=${side}]`).value) || 0);
  }
  // Whole pixels inside the picture; the last two are width and height.
  function put(row, [x, y, w, h]) {
    w = Math.max(LEAST, Math.min(w, size[0]));
    h = Math.max(LEAST, Math.min(h, size[1]));
    x = Math.max(0, Math.min(x, size[0] - w));
    y = Math.max(0, Math.min(y, size[1] - h));
    [x, y, w, h].forEach((value, n) => {
      row.querySelector(`[name=${SIDES[n]}]`).value = Math.round(value);
    });
    draw();
    soon();
  }
  function add(four) {
    list.append(form.querySelector("[data-blank]").content.cloneNode(true));
    const row = list.lastElementChild;
    chosen = row;
    put(row, four);
    return row;
  }
  function drop(row) {
    const after = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    chosen = after;
    draw();
    soon();
    (boxOf(after) || stage).focus?.();
  }
  function choose(row) {
    chosen = row;
    draw();
  }
  function boxOf(row) {
    return row && stage.children[rows().indexOf(row)];
  }

  function draw() {
    const held = document.activeElement?.closest?.("[data-stage]") === stage;
    const shown = rows().map((row, n) => {
      const [x, y, w, h] = place(row);
      const rect = document.createElementNS(SVG, "rect");
      const kind = row.querySelector("[name=kind]").value;
      Object.entries({ x, y, width: w, height: h, tabindex: 0, role: "button" }).forEach(
        ([name, value]) => rect.setAttribute(name, value),
      );
      rect.setAttribute("class", `cover-box cover-${kind}${row === chosen ? " is-on" : ""}`);
      const words = row.querySelector(".cover-kind").textContent.trim();
      rect.setAttribute("aria-label", `${form.dataset.box} ${n + 1} ${words}`);
      row.classList.toggle("is-on", row === chosen);
      row.querySelector("[data-drop]").hidden = false;
      return rect;
    });
    stage.replaceChildren(...shown);
    if (chosen && rows().includes(chosen)) stage.append(handle(place(chosen)));
    form.querySelector("[data-count]").textContent = shown.length;
    if (held) boxOf(chosen)?.focus();
  }
  function handle([x, y, w, h]) {
    const dot = document.createElementNS(SVG, "circle");
    dot.setAttribute("class", "cover-handle");
    dot.setAttribute("cx", x + w);
    dot.setAttribute("cy", y + h);
    dot.setAttribute("r", (size[0] / stage.clientWidth) * 9 || 9);
    return dot;
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(preview, PAUSE);
  }
  function preview() {
    const line = rows().filter(filled).map((row) => place(row).join(",")).join(";");
    form.querySelector("[data-after]").src = `${form.dataset.preview}?boxes=${encodeURIComponent(line)}`;
  }

  function at(event) {
    const box = stage.getBoundingClientRect();
    return [
      ((event.clientX - box.left) / box.width) * size[0],
      ((event.clientY - box.top) / box.height) * size[1],
    ];
  }
  stage.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    stage.setPointerCapture(event.pointerId);
    const from = at(event);
    const n = [...stage.children].indexOf(event.target);
    const onHandle = event.target.classList.contains("cover-handle");
    const row = onHandle ? chosen : rows()[n];
    let was = row ? place(row) : null;
    let drawn = row;
    if (row) {
      choose(row);
      boxOf(row).focus();
    }
    const move = (next) => {
      const [x, y] = at(next);
      const dx = x - from[0];
      const dy = y - from[1];
      if (onHandle) put(row, [was[0], was[1], was[2] + dx, was[3] + dy]);
      else if (was) put(row, [was[0] + dx, was[1] + dy, was[2], was[3]]);
      else if (Math.abs(dx) > LEAST && Math.abs(dy) > LEAST) {
        const four = [Math.min(x, from[0]), Math.min(y, from[1]), Math.abs(dx), Math.abs(dy)];
        if (drawn) put(drawn, four);
        else drawn = add(four);
      }
    };
    const end = () => {
      stage.removeEventListener("pointermove", move);
      boxOf(drawn)?.focus();
    };
    stage.addEventListener("pointermove", move);
    stage.addEventListener("pointerup", end, { once: true });
    stage.addEventListener("pointercancel", end, { once: true });
  });

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  stage.addEventListener("keydown", (event) => {
    const row = rows()[[...stage.children].indexOf(event.target)];
    if (!row) return;
    if (event.key === "Delete" || event.key === "Backspace") drop(row);
    else if (event.key in ARROWS) {
      const [dx, dy] = ARROWS[event.key].map((way) => way * STEP);
      const [x, y, w, h] = place(row);
      chosen = row;
      put(row, event.shiftKey ? [x, y, w + dx, h + dy] : [x + dx, y + dy, w, h]);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  stage.addEventListener("focusin", (event) => {
    const row = rows()[[...stage.children].indexOf(event.target)];
    if (row && row !== chosen) choose(row);
  });
  list.addEventListener("input", () => {
    draw();
    soon();
  });
  list.addEventListener("focusin", (event) => choose(event.target.closest("[data-row]")));
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-drop]");
    if (button) drop(button.closest("[data-row]"));
  });
  form.querySelector("[data-add]").addEventListener("click", () => {
    const [w, h] = [size[0] / 5, size[1] / 5];
    add([(size[0] - w) / 2, (size[1] - h) / 2, w, h]);
    boxOf(chosen)?.focus();
  });
}
