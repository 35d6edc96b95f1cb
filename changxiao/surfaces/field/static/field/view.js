// 地图画面: a canvas that is dragged, pinched and zoomed; what is on it paint.js draws. Scale is pixels
// a metre; a city is small enough for the earth to be flat.
import { paint } from "./paint.js";

const DEGREE = 111195;
const LEAST = 0.02;
const MOST = 8;
const CLOSE = 0.7;
const TAP = 26;

export class View {
  constructor(canvas) {
    this.canvas = canvas;
    this.placed = false;
    this.scale = 1;
    this.onTap = this.onMove = () => {};
    this.touches = new Map();
    for (const name of ["pointerdown", "pointermove", "pointerup", "pointercancel"]) {
      canvas.addEventListener(name, (event) => this[name](event));
    }
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  get close() {
    return this.scale >= CLOSE;
  }

  centre(lon, lat, scale = this.scale) {
    [this.lon, this.lat, this.scale, this.placed] = [lon, lat, scale, true];
  }

  fit(west, south, east, north) {
    const box = this.canvas.getBoundingClientRect();
    const wide = (east - west) * DEGREE * Math.cos((north * Math.PI) / 180);
    const high = (north - south) * DEGREE;
    const scale = 0.92 * Math.min(box.width / wide, box.height / high);
    this.centre((west + east) / 2, (south + north) / 2, Math.min(Math.max(scale, LEAST), MOST));
  }

  zoom(factor) {
    this.scale = Math.min(Math.max(this.scale * factor, LEAST), MOST);
    this.onMove();
  }

  shift(x, y) {
    this.lon -= x / this.scale / this.east;
    this.lat += y / this.scale / DEGREE;
  }

  get east() {
    return DEGREE * Math.cos((this.lat * Math.PI) / 180);
  }

  xy(lon, lat) {
    const { width, height } = this.box;
    return [width / 2 + (lon - this.lon) * this.east * this.scale, height / 2 - (lat - this.lat) * DEGREE * this.scale];
  }

  pointerdown(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.touches.set(event.pointerId, [event.clientX, event.clientY]);
    this.moved = this.touches.size > 1;
  }

  pointermove(event) {
    const was = this.touches.get(event.pointerId);
    if (!was || !this.placed) return;
    const spread = this.spread();
    this.touches.set(event.pointerId, [event.clientX, event.clientY]);
    const [x, y] = [event.clientX - was[0], event.clientY - was[1]];
    if (!this.moved && Math.hypot(x, y) < 4) {
      this.touches.set(event.pointerId, was);
      return;
    }
    this.moved = true;
    this.shift(x / this.touches.size, y / this.touches.size);
    if (spread) this.scale = Math.min(Math.max((this.scale * this.spread()) / spread, LEAST), MOST);
    this.onMove();
  }

  pointerup(event) {
    this.touches.delete(event.pointerId);
    if (this.moved || !this.placed) return;
    const box = this.canvas.getBoundingClientRect();
    const lon = this.lon + (event.clientX - box.left - box.width / 2) / this.scale / this.east;
    const lat = this.lat - (event.clientY - box.top - box.height / 2) / this.scale / DEGREE;
    this.onTap({ lon, lat, reach: TAP / this.scale });
  }

  pointercancel(event) {
    this.touches.delete(event.pointerId);
  }

  spread() {
    const [a, b] = [...this.touches.values()];
    return b ? Math.hypot(a[0] - b[0], a[1] - b[1]) : 0;
  }

  wheel(event) {
    event.preventDefault();
    if (this.placed) this.zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2);
  }

  key(event) {
    const steps = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
    const zooms = { "+": 1.6, "=": 1.6, "-": 1 / 1.6 };
    if (!this.placed || !(event.key in steps || event.key in zooms)) return;
    event.preventDefault();
    if (event.key in steps) {
      this.shift(...steps[event.key]);
      this.onMove();
    } else this.zoom(zooms[event.key]);
  }

  /** 画 what map.js hands over; where nothing is placed yet, around oneself. */
  draw(map, things) {
    this.box = this.canvas.getBoundingClientRect();
    if (!this.placed && things.here) this.centre(things.here.lon, things.here.lat, 2);
    if (this.placed && this.box.width) paint(this, map, things);
  }
}
