// 视野: what of the city a window shows, as the web's Mercator has it. Pure: a view is the middle (`x`
// and `y` in widths of the world, from the north-west), the zoom and the window's size in pixels.
export const FARTHEST = 7, NEAREST = 19; // zooms
const TILE = 512;
const { atan, exp, log, log2, max, min, PI, tan } = Math;

export const across = (lon) => lon / 360 + 0.5;
export const down = (lat) => 0.5 - log(tan(PI / 4 + (lat * PI) / 360)) / (2 * PI);
export const lonOf = (x) => (x - 0.5) * 360;
export const latOf = (y) => (atan(exp((0.5 - y) * 2 * PI)) * 360) / PI - 90;

export const scaleOf = ({ zoom }) => TILE * 2 ** zoom; // pixels a width of the world

// All of a box of degrees, with a margin around it, as near as `nearest`.
export function fitting([west, south, east, north], { width, height }, { margin, nearest }) {
  const [left, right, top, bottom] = [across(west), across(east), down(north), down(south)];
  const wide = max(width - 2 * margin, 1) / (right - left), high = max(height - 2 * margin, 1) / (bottom - top);
  const zoom = max(min(log2(min(wide, high) / TILE), nearest), FARTHEST);
  return { x: (left + right) / 2, y: (top + bottom) / 2, zoom, width, height };
}

// `#zoom/lat/lon` of an address; null where it names no place.
export function named(hash, { width, height }) {
  const [zoom, lat, lon] = hash.slice(1).split("/").map(Number);
  const known = Number.isFinite(zoom) && Math.abs(lat) < 85 && Math.abs(lon) <= 180;
  return known ? { x: across(lon), y: down(lat), zoom: max(min(zoom, NEAREST), FARTHEST), width, height } : null;
}

export function bounds({ x, y, width, height, ...view }) {
  const wide = width / 2 / scaleOf(view), high = height / 2 / scaleOf(view);
  return [lonOf(x - wide), latOf(y + high), lonOf(x + wide), latOf(y - high)];
}

// From widths of the world to pixels of the window.
export function toPixels(view) {
  const scale = scaleOf(view);
  return (x, y) => [(x - view.x) * scale + view.width / 2, (y - view.y) * scale + view.height / 2];
}
