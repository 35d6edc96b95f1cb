// 图: the numbers of a page, drawn by ECharts in our own colours; the table beside has them too.
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--cx-${name}`).trim();
const boxes = [...document.querySelectorAll("[data-chart]")];
const drawn = new Map();

let library;
const load = (box) => (library ??= import(box.dataset.library));
const dataOf = (box) => JSON.parse(document.getElementById(box.dataset.from).textContent);

function look() {
  const ink = token("ink"), soft = token("ink-2"), line = token("line");
  const axis = {
    axisLine: { lineStyle: { color: soft } }, axisTick: { show: false },
    axisLabel: { color: soft, fontFamily: token("font"), hideOverlap: true }, splitLine: { lineStyle: { color: line } },
    nameTextStyle: { color: soft, align: "left" },
  };
  const frame = {
    animation: false, textStyle: { fontFamily: token("font"), color: ink }, backgroundColor: "transparent",
    tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: token("surface"), borderColor: line, textStyle: { color: ink } },
  };
  return { ink, soft, line, axis, frame, surface: token("surface"), one: token("accent"), two: token("near") };
}

function daily(data, words, l) {
  const both = data.visits.length > 0;
  const edges = { left: 44, right: 40, outerBoundsMode: "none" };
  const grids = both ? [{ ...edges, top: 28, height: "34%" }, { ...edges, bottom: 28, height: "34%" }]
    : [{ ...edges, top: 28, bottom: 28 }];
  const last = data.days.length - 1;
  const place = (day) => Math.min(Math.max(Math.round((Date.parse(day) - Date.parse(data.days[0])) / 864e5), 0), last);
  const inside = data.bands.filter(([from, to]) => to >= data.days[0] && from <= data.days[last]);
  const shade = (params, api) => {
    const { y, height } = params.coordSys, half = api.size([1, 0])[0] / 2;
    const [from, to] = [0, 1].map((end) => api.coord([api.value(end), 0])[0]);
    return { type: "rect", shape: { x: from - half, y, width: to - from + 2 * half, height }, style: { fill: l.soft, opacity: 0.25 } };
  };
  const bands = (index) => ({
    type: "custom", renderItem: shade, data: inside.map((band) => band.map(place)), encode: { x: [0, 1], y: [] },
    xAxisIndex: index, yAxisIndex: index, silent: true, tooltip: { show: false }, z: 0,
  });
  const bars = (name, values, index, colour) => ({
    name, type: "bar", data: values, xAxisIndex: index, yAxisIndex: index, itemStyle: { color: colour }, barCategoryGap: "10%",
  });
  const x = grids.map((_g, i) => ({ type: "category", data: data.days, gridIndex: i, ...l.axis, splitLine: { show: false }, ...(i < grids.length - 1 && { axisLabel: { show: false } }) }));
  const y = grids.map((_g, i) => ({ type: "value", minInterval: 1, splitNumber: 3, gridIndex: i, name: words[i], ...l.axis }));
  const series = [bars(words[0], data.found, 0, l.two), bands(0)];
  if (both) series.push(bars(words[1], data.visits, 1, l.one), bands(1));
  return { grid: grids, xAxis: x, yAxis: y, series, axisPointer: { link: [{ xAxisIndex: "all" }] } };
}

function curve(data, words, l) {
  const points = (values) => data.days.map((day, i) => [day, values[i]]);
  const gap = data.high.map((high, i) => [data.days[i], +(high - data.low[i]).toFixed(2)]);
  const stair = (name, values, extra) => ({ name, type: "line", step: "end", symbol: "none", data: values, ...extra });
  return {
    grid: { left: 44, right: 16, top: 28, bottom: 40 },
    xAxis: { type: "value", min: 0, max: Math.max(30, Math.ceil(data.days.at(-1))), name: words[1], nameLocation: "middle", nameGap: 24, ...l.axis },
    yAxis: { type: "value", min: Math.floor(Math.min(...data.low) / 10) * 10, max: 100, name: words[0], ...l.axis },
    series: [
      stair("low", points(data.low), { stack: "band", lineStyle: { opacity: 0 }, tooltip: { show: false }, silent: true }),
      stair("gap", gap, { stack: "band", lineStyle: { opacity: 0 }, areaStyle: { color: l.one, opacity: 0.18 }, tooltip: { show: false }, silent: true }),
      stair(words[0], points(data.kept), { lineStyle: { color: l.one, width: 2 }, itemStyle: { color: l.one } }),
    ],
    tooltip: { ...l.frame.tooltip, formatter: (all) => {
      const kept = all.find((one) => one.seriesName === words[0]);
      return kept ? `${words[1]} ${kept.value[0]}\n${words[0]} ${kept.value[1]}` : "";
    } },
  };
}

function bars(data, words, l) {
  const names = { type: "category", data: data.names, ...l.axis, splitLine: { show: false } };
  const numbers = { type: "value", minInterval: 1, name: data.upright ? words[0] : "", ...l.axis };
  const label = { show: data.names.length <= 31 && !data.upright, position: "right", color: l.ink };
  const series = [{ name: words[0], type: "bar", data: data.values, itemStyle: { color: l.one }, label, barCategoryGap: "20%" }];
  if (data.upright) return { grid: { left: 52, right: 16, top: 28, bottom: 28 }, xAxis: names, yAxis: numbers, series };
  return { grid: { left: 8, right: 56, top: 8, bottom: 8, containLabel: true }, xAxis: numbers, yAxis: { ...names, inverse: true }, series };
}

function next(data, words, l) {
  const whisker = (_params, api) => {
    const row = api.value(0);
    const [left, right] = [api.coord([api.value(1), row]), api.coord([api.value(2), row])];
    const end = (at) => ({ type: "line", shape: { x1: at[0], y1: at[1] - 5, x2: at[0], y2: at[1] + 5 }, style: { stroke: l.ink, lineWidth: 1.5 } });
    const between = { type: "line", shape: { x1: left[0], y1: left[1], x2: right[0], y2: right[1] }, style: { stroke: l.ink, lineWidth: 1.5 } };
    return { type: "group", children: [between, end(left), end(right)] };
  };
  const names = { type: "category", data: data.names, inverse: true, ...l.axis, splitLine: { show: false } };
  return {
    grid: { left: 8, right: 24, top: 32, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, textStyle: { color: l.ink } },
    xAxis: { type: "value", min: 0, ...l.axis }, yAxis: names,
    series: [
      { name: words[0], type: "bar", data: data.values, itemStyle: { color: l.one }, barCategoryGap: "35%" },
      { name: words[1], type: "custom", renderItem: whisker, itemStyle: { color: l.ink }, encode: { x: [1, 2], y: 0 }, data: data.low.map((low, i) => [i, low, data.high[i]]), z: 5 },
      { name: words[2], type: "scatter", symbol: "diamond", symbolSize: 9, data: data.last, itemStyle: { color: l.two }, z: 6 },
    ],
  };
}

const KINDS = { daily, curve, bars, next };

async function draw(box) {
  const echarts = await load(box);
  const data = dataOf(box);
  // Lying bars need a line each.
  if (data.names && !data.upright) box.classList.add(data.names.length > 15 ? "chart--long" : "chart--rows");
  const chart = drawn.get(box) ?? echarts.init(box, null, { renderer: "canvas" });
  drawn.set(box, chart);
  const l = look();
  chart.setOption({ ...l.frame, ...KINDS[box.dataset.chart](data, box.dataset.words.split("|"), l) }, true);
  box.dataset.drawn = "";
}

const all = () => Promise.all(boxes.map((box) => draw(box).catch(() => { box.hidden = true; })));
if (boxes.length) {
  all();
  new MutationObserver(all).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
  const sized = new ResizeObserver((entries) => entries.forEach((one) => drawn.get(one.target)?.resize()));
  boxes.forEach((box) => sized.observe(box));
}
