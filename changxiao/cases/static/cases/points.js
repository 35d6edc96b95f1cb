// 点集: reads the packed columns of `cases/points.py`, gathers what lies close, finds what is in view.
// A look at a hundred thousand points takes some milliseconds, so no index is kept.
import { across, down, latOf, lonOf } from "../areas/view.js";

const BYTES = 17;
const SCALE = 1e7;
const CELL = 60; // pixels: points nearer than that are drawn as one
const ALONE = 17; // from this zoom on each case is drawn by itself
const SAMPLE = 4_000; // points are enough to tell where most lie
export const URGENT = 8;
export const OVERDUE = 4;

const { floor } = Math;

export function decode(buffer) {
  const count = buffer.byteLength / BYTES;
  const numbers = new BigUint64Array(buffer, 0, count);
  const lons = new Int32Array(buffer, 8 * count, count);
  const lats = new Int32Array(buffer, 12 * count, count);
  const marks = new Uint8Array(buffer, 16 * count, count);
  const xs = new Float64Array(count), ys = new Float64Array(count);
  for (let n = 0; n < count; n++) {
    xs[n] = across(lons[n] / SCALE);
    ys[n] = down(lats[n] / SCALE);
  }
  return { count, numbers, marks, xs, ys };
}

// The same points with some cases as they are now; of those that the filter lost nothing is left.
export function merged(points, numbers, fresh) {
  const asked = new Set(numbers.map(BigInt));
  const kept = [];
  points.numbers.forEach((number, n) => asked.has(number) || kept.push(n));
  const told = { count: kept.length + fresh.count };
  for (const name of ["numbers", "marks", "xs", "ys"]) {
    const column = new points[name].constructor(told.count);
    kept.forEach((n, at) => { column[at] = points[name][n]; });
    column.set(fresh[name], kept.length);
    told[name] = column;
  }
  return told;
}

function box([west, south, east, north], margin) {
  const left = across(west), right = across(east), top = down(north), bottom = down(south);
  const wide = (right - left) * margin, high = (bottom - top) * margin;
  return [left - wide, right + wide, top - high, bottom + high];
}

// In view and half a window around it, so that a short drag finds the neighbourhood drawn.
export function gather(points, bounds, zoom) {
  const [left, right, top, bottom] = box(bounds, 0.5);
  const size = CELL / (512 * 2 ** zoom), cells = new Map(), single = zoom >= ALONE;
  const { count, xs, ys, marks } = points;
  for (let n = 0; n < count; n++) {
    const x = xs[n], y = ys[n];
    if (x < left || x > right || y < top || y > bottom) continue;
    const key = single ? n : floor(x / size) * 67_108_864 + floor(y / size);
    const late = (marks[n] & 7) === OVERDUE ? 1 : 0;
    const cell = cells.get(key);
    if (!cell) cells.set(key, { n, count: 1, late, x, y });
    else {
      cell.count += 1;
      cell.late += late;
      cell.x += x;
      cell.y += y;
    }
  }
  return single ? [...cells.values()] : joined([...cells.values()], size);
}

// Neighbours whose middles came close would cover each other: the larger takes the smaller in.
function joined(cells, size) {
  const found = [], near = (size * 0.75) ** 2;
  for (const cell of cells.sort((one, other) => other.count - one.count)) {
    const x = cell.x / cell.count, y = cell.y / cell.count;
    const into = found.find((one) => (one.x / one.count - x) ** 2 + (one.y / one.count - y) ** 2 < near);
    if (!into) found.push(cell);
    else for (const sum of ["count", "late", "x", "y"]) into[sum] += cell[sum];
  }
  return found;
}

// Where nineteen in twenty lie, so that one case far out does not shrink the city.
export function extent(points) {
  if (!points.count) return null;
  const every = Math.ceil(points.count / SAMPLE);
  const edges = (column) => {
    const some = column.filter((_value, n) => n % every === 0).sort();
    return [0.025, 0.975].map((share) => some[floor((some.length - 1) * share)]);
  };
  const [left, right] = edges(points.xs).map(lonOf);
  const [north, south] = edges(points.ys).map(latOf);
  return [left, south, right, north];
}

export function features(points, cells) {
  return cells.map(({ n, count, late: bad, x, y }) => ({
    type: "Feature",
    geometry: { type: "Point", coordinates: [lonOf(x / count), latOf(y / count)] },
    properties: count > 1
      ? { count, late: bad, words: bad ? `▲ ${bad}` : "" } // the legend's shape for overdue
      : { number: String(points.numbers[n]), mark: points.marks[n] & 7, urgent: points.marks[n] >= URGENT },
  }));
}

// How many are in view, and the numbers of the most pressing ones.
export function visible(points, bounds, most) {
  const [left, right, top, bottom] = box(bounds, 0);
  const byMark = [[], [], [], [], []];
  let count = 0;
  for (let n = 0; n < points.count; n++) {
    const x = points.xs[n], y = points.ys[n];
    if (x < left || x > right || y < top || y > bottom) continue;
    count += 1;
    const held = byMark[points.marks[n] & 7];
    if (held.length < most) held.push(n);
  }
  const first = byMark.reverse().flat().slice(0, most);
  return { count, numbers: first.map((n) => String(points.numbers[n])) };
}

export function tally(points) {
  const counts = [0, 0, 0, 0, 0];
  for (const mark of points.marks) counts[mark & 7] += 1;
  return counts;
}
