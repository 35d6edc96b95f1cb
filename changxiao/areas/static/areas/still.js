// 首图: the ground and what stands on it, drawn at once on plain canvas, in the colours and at the
// places of the map that follows. It stays where that map cannot be drawn.
import { colours, token } from "./ground.js";
import { bounds, toPixels } from "./view.js";

const NAMES = [["district", 0, 12, 15], ["street", 11, 15, 13]]; // level, from and below which zoom, pixels

export class Still {
  // `paint(pen, place, colours)` draws what stands on the ground, `place(x, y)` turning widths of the world
  // into pixels, and returns the room it takes: boxes of a middle and half a width and height.
  constructor(box, view, paint) {
    Object.assign(this, { box, view, paint });
    this.canvas = document.createElement("canvas");
    this.canvas.className = "map-still";
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", box.dataset.words.split("|")[3]);
    box.append(this.canvas);
    this.watchers = [new ResizeObserver(() => this.resized()), new MutationObserver(() => this.draw())];
    this.watchers[0].observe(box);
    this.watchers[1].observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
  }

  get bounds() {
    return bounds(this.view);
  }

  get zoom() {
    return this.view.zoom;
  }

  resized() {
    const { clientWidth: width, clientHeight: height } = this.box;
    if (width === this.view.width && height === this.view.height) return;
    Object.assign(this.view, { width, height });
    this.draw();
  }

  draw() {
    const { width, height } = this.view, ratio = devicePixelRatio, c = colours();
    Object.assign(this.canvas, { width: width * ratio, height: height * ratio });
    const pen = this.canvas.getContext("2d");
    pen.scale(ratio, ratio);
    pen.fillStyle = c.sunken;
    pen.fillRect(0, 0, width, height);
    if (this.ground) this.drawGround(pen, c);
    const taken = this.paint(pen, toPixels(this.view), c);
    if (this.ground) this.drawNames(pen, c, taken);
  }

  drawGround(pen, c) {
    const land = this.outline("district");
    pen.fillStyle = c.surface;
    pen.fill(land, "evenodd");
    pen.strokeStyle = c["ink-2"];
    if (this.zoom >= 9) this.stroke(pen, this.outline("street"), [9, 0.3, 16, 1.6], 0.55);
    this.stroke(pen, land, [8, 1, 14, 2.4], 1);
  }

  // As thick as at this zoom of the map: between two zooms by degrees.
  stroke(pen, path, [from, thin, to, thick], opacity) {
    const share = Math.min(Math.max((this.zoom - from) / (to - from), 0), 1);
    pen.lineWidth = thin + (thick - thin) * share;
    pen.globalAlpha = opacity;
    pen.stroke(path);
    pen.globalAlpha = 1;
  }

  outline(level) {
    const { origin, step } = this.ground, place = toPixels(this.view);
    const [left, top] = place(origin[0] * step, origin[1] * step);
    const [right] = place((origin[0] + 1) * step, 0);
    const path = new Path2D(), size = right - left;
    path.addPath(new Path2D(this.ground[level].path), new DOMMatrix([size, 0, 0, size, left, top]));
    return path;
  }

  drawNames(pen, c, taken) {
    const { origin, step } = this.ground, place = toPixels(this.view);
    Object.assign(pen, { textAlign: "center", textBaseline: "middle", lineJoin: "round", lineWidth: 3 });
    Object.assign(pen, { strokeStyle: c.surface, fillStyle: c.ink });
    for (const [level, from, below, size] of NAMES) {
      if (this.zoom < from || this.zoom >= below) continue;
      pen.font = `${size}px ${token("--cx-font")}`;
      for (const [name, dx, dy] of this.ground[level].names) {
        const [x, y] = place((origin[0] + dx) * step, (origin[1] + dy) * step);
        if (!free(taken, [x, y, (name.length * size) / 2 + 6, size / 2 + 6])) continue;
        pen.strokeText(name, x, y);
        pen.fillText(name, x, y);
      }
    }
  }

  remove() {
    for (const watcher of this.watchers) watcher.disconnect();
    this.canvas.remove();
  }
}

// Takes the room where nothing stands yet.
function free(taken, [x, y, wide, high]) {
  const meets = ([ox, oy, w, h]) => Math.abs(ox - x) < w + wide && Math.abs(oy - y) < h + high;
  if (taken.some(meets)) return false;
  taken.push([x, y, wide, high]);
  return true;
}
