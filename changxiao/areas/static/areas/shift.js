// Pictures of a tile source in GCJ-02 under a map in WGS-84: each of our tiles is put together from
// the up to four of theirs that its ground lies on. Inside a tile the offset hardly changes.
const AXIS = 6378245.0;
const ECCENTRICITY = 0.006693421622965943;
const SIDE = 256;
const { PI, sin, cos, sqrt, abs, floor, atan, sinh, asinh, tan } = Math;

function waves(value, ...terms) {
  return terms.reduce((sum, [height, length]) => sum + height * sin((value / length) * PI), 0);
}

// The published offset, as `kernel/geo.py` has it.
export function toGcj02(lon, lat) {
  const x = lon - 105, y = lat - 35, root = sqrt(abs(x));
  const wave = 20 * sin(6 * x * PI) + 20 * sin(2 * x * PI);
  let north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root;
  north += ((wave + waves(y, [20, 1], [40, 3], [160, 12], [320, 30])) * 2) / 3;
  let east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root;
  east += ((wave + waves(x, [20, 1], [40, 3], [150, 12], [300, 30])) * 2) / 3;
  const angle = (lat * PI) / 180, magic = 1 - ECCENTRICITY * sin(angle) ** 2;
  return [
    lon + (east * 180) / ((AXIS / sqrt(magic)) * cos(angle) * PI),
    lat + (north * 180) / (((AXIS * (1 - ECCENTRICITY)) / (magic * sqrt(magic))) * PI),
  ];
}

const lonOf = (x, z) => (x / 2 ** z) * 360 - 180;
const latOf = (y, z) => (atan(sinh(PI * (1 - (2 * y) / 2 ** z))) * 180) / PI;
const columnOf = (lon, z) => ((lon + 180) / 360) * 2 ** z;
const rowOf = (lat, z) => ((1 - asinh(tan((lat * PI) / 180)) / PI) / 2) * 2 ** z;

async function picture(address, z, x, y, signal) {
  const url = address.replace("{z}", z).replace("{x}", x).replace("{y}", y);
  const answer = await fetch(url, { signal });
  return answer.ok ? createImageBitmap(await answer.blob()) : null;
}

export async function shifted(address, z, x, y, signal) {
  const [lon, lat] = toGcj02(lonOf(x + 0.5, z), latOf(y + 0.5, z));
  const left = columnOf(lon, z) - 0.5, top = rowOf(lat, z) - 0.5;
  const canvas = new OffscreenCanvas(SIDE, SIDE), pen = canvas.getContext("2d");
  await Promise.all([0, 1, 2, 3].map(async (corner) => {
    const column = floor(left) + (corner % 2), row = floor(top) + (corner >> 1);
    const part = await picture(address, z, column, row, signal);
    if (part) pen.drawImage(part, (column - left) * SIDE, (row - top) * SIDE, SIDE, SIDE);
  }));
  return (await canvas.convertToBlob()).arrayBuffer();
}

let registered = false;
export function register(maplibre) {
  if (registered) return;
  registered = true;
  maplibre.addProtocol("gcj02", async ({ url }, abort) => {
    const [address, z, x, y] = url.slice("gcj02://".length).split("#");
    // Encoded, else MapLibre would fill in the braces of their address too.
    return { data: await shifted(decodeURI(address), Number(z), Number(x), Number(y), abort.signal) };
  });
}
