// Draws the lanes of the chart for one view of time. Drawn anew each time: what is out of sight costs nothing.

/** How high a request of so many ms rises, from 0 to 1: an answer in 10 ms and one in 3 s both can be seen. */
const rise = (ms) => Math.min(1, Math.max(0.04, Math.log10(ms / 5) / Math.log10(10_000 / 5)));
const rowHeight = 20;

// biome-ignore lint/correctness/noUnusedVariables: page.js, which follows in the same page, calls it.
function drawingOn(svg, { lanes, first, last, restoreMs }, view) {
  const place = { width: 0, left: 0, right: 2, top: 46, bottom: 0, narrow: false };
  const plot = () => place.width - place.left - place.right;
  const x = (ms) => place.left + ((ms - view.from) / (view.to - view.from)) * plot();
  const timeAt = (px) => view.from + ((px - place.left) / plot()) * (view.to - view.from);
  const end = () => place.width - place.right;

  function add(parent, name, attributes, text) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    if (text !== undefined) element.textContent = text;
    return parent.appendChild(element);
  }
  const widthOf = (text) => text.length * 6.9;
  /** Text that fits into so many pixels; nothing when too little would be left to read. */
  function shortened(text, room) {
    const most = Math.floor(room / 6.9);
    if (text.length <= most) return text;
    return most < 5 ? '' : `${text.slice(0, most - 1)}…`;
  }

  /** The side of a dot on which its label has room. */
  function besideOf(at, name) {
    const [before, after] = [at - place.left - 12, end() - at - 12];
    const left = widthOf(name) > after && before > after;
    return { left, room: left ? before : after };
  }

  /** Where each lane stands, and in which row each label, so that none covers another when all of the time is shown. */
  function layOut() {
    if (place.width === svg.parentElement.clientWidth) return;
    place.width = svg.parentElement.clientWidth;
    place.narrow = place.width < 640;
    place.left = place.narrow ? 0 : 190;
    let y = place.top;
    for (const lane of lanes) {
      const ends = [];
      for (const mark of lane.marks.filter(({ shape }) => shape === 'dot')) {
        const at = place.left + ((mark.from - first) / (last - first)) * plot();
        const length = widthOf(mark.name) + 18;
        const [left, right] = besideOf(at, mark.name).left ? [at - length, at + 8] : [at - 8, at + length];
        const free = ends.findIndex((taken) => taken <= left);
        mark.row = free < 0 ? ends.length : free;
        ends[mark.row] = right;
      }
      lane.y = y + (place.narrow ? 22 : 0);
      lane.height = lane.samples ? 52 : Math.max(ends.length * rowHeight + 6, 26);
      y = lane.y + lane.height + (place.narrow ? 8 : 10);
    }
    place.bottom = y;
    svg.setAttribute('width', place.width);
    svg.setAttribute('height', y);
  }

  function draw(current) {
    layOut();
    svg.replaceChildren();
    const clip = add(add(svg, 'defs', {}), 'clipPath', { id: 'inside' });
    add(clip, 'rect', { x: place.left, y: 0, width: plot(), height: place.bottom });
    const stripes = {
      id: 'stripes',
      width: 7,
      height: 7,
      patternUnits: 'userSpaceOnUse',
      patternTransform: 'rotate(45)',
    };
    const pattern = add(svg.firstChild, 'pattern', stripes);
    add(pattern, 'rect', { width: 7, height: 7, class: 'ground' });
    add(pattern, 'rect', { width: 2.5, height: 7, class: 'stripe' });
    for (const { y, height } of lanes)
      add(svg, 'rect', { x: place.left, y, width: plot(), height, rx: 5, class: 'lane' });
    const inside = add(svg, 'g', { 'clip-path': 'url(#inside)' });
    drawTimes(inside);
    drawFlags(inside);
    for (const lane of lanes) drawLane(inside, lane);
    if (current) drawRing(inside, current);
  }

  function drawTimes(inside) {
    const outage = { x: x(0), y: 24, width: Math.max(1, x(restoreMs) - x(0)), height: place.bottom, class: 'outage' };
    add(inside, 'rect', outage);
    const rough = ((view.to - view.from) / plot()) * 78;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough);
    const digits = Math.max(0, 3 - Math.floor(Math.log10(step) + 1e-9));
    for (let ms = Math.ceil(view.from / step) * step; ms <= view.to; ms += step) {
      add(inside, 'line', { x1: x(ms), x2: x(ms), y1: 40, y2: place.bottom, class: 'grid' });
      const anchor = x(ms) > end() - 18 ? 'end' : x(ms) < place.left + 14 ? 'start' : 'middle';
      const label = `${(ms / 1000).toFixed(digits)} s`.replace('-', '−');
      add(svg, 'text', { x: x(ms), y: 35, class: 'time', 'text-anchor': anchor }, label);
    }
  }

  function drawFlags(inside) {
    const close = Math.abs(x(restoreMs) - x(0)) < 60;
    for (const [ms, name] of [
      [0, 'fault'],
      [restoreMs, 'restore'],
    ]) {
      if (x(ms) > end() || x(ms) < place.left) continue;
      const left = x(ms) > end() - 64 || (close && name === 'fault' && x(0) > place.left + 50);
      add(inside, 'line', { x1: x(ms), x2: x(ms), y1: 4, y2: place.bottom, class: `flag ${name}` });
      const label = { x: x(ms) + (left ? -6 : 6), y: 15, class: `flag ${name}`, 'text-anchor': left ? 'end' : 'start' };
      add(inside, 'text', label, name);
    }
  }

  function drawLane(inside, lane) {
    const { y, height, title, subtitle, marks, samples, ticks = [] } = lane;
    const middle = y + height / 2;
    const words = place.narrow ? { x: 0, y: y - 6 } : { x: 0, y: subtitle ? middle - 3 : middle + 4 };
    const name = add(svg, 'text', { ...words, class: 'title' }, place.narrow ? title : shortened(title, 184));
    if (subtitle && place.narrow) add(name, 'tspan', { class: 'subtitle', dx: 7 }, subtitle);
    else if (subtitle) add(svg, 'text', { x: 0, y: middle + 14, class: 'subtitle' }, subtitle);
    const seen = marks.filter(({ from, to }) => to >= view.from && from <= view.to);
    for (const mark of seen) if (mark.shape === 'bar') drawBar(inside, mark, lane);
    if (samples) drawStems(inside, lane);
    for (const ms of ticks)
      add(inside, 'rect', { x: x(ms) - 0.75, y: y + height - 6, width: 1.5, height: 6, class: 'tick' });
    let before = Number.NEGATIVE_INFINITY;
    for (const mark of seen) {
      if (mark.shape === 'dot') drawDot(inside, mark, lane);
      // Not more than one cross for each pixel.
      if (mark.shape !== 'cross' || x(mark.from) - before < 1) continue;
      before = x(mark.from);
      add(inside, 'path', { d: `M${before},${y + height}V${y + 11}m-4,-8l8,8m0,-8l-8,8`, class: 'cross' });
    }
  }

  function drawBar(inside, { from, to, name, style }, { y, height }) {
    const [left, right] = [Math.max(place.left - 9, x(from)), Math.min(place.width + 9, x(to))];
    add(inside, 'rect', { x: left, y, width: Math.max(2, right - left - 1), height, rx: 5, class: `mark ${style}` });
    if (style === 'gap') return void add(inside, 'text', { x: right + 6, y: y + 15, class: 'beside' }, name);
    const start = Math.max(left, place.left) + 8;
    add(
      inside,
      'text',
      { x: start, y: y + 17, class: `in ${style}` },
      shortened(name, Math.min(right, end()) - start - 4),
    );
  }

  function drawDot(inside, { from, name, style, row }, { y }) {
    const [middle, centre] = [x(from), y + 3 + rowHeight * (row + 0.5)];
    add(inside, 'path', { d: `M${middle - 5},${centre}l5,-5 5,5 -5,5z`, class: `dot ${style}` });
    const { left, room } = besideOf(middle, name);
    const label = {
      x: middle + (left ? -10 : 10),
      y: centre + 4,
      class: 'beside',
      'text-anchor': left ? 'end' : 'start',
    };
    add(inside, 'text', label, shortened(name, room));
  }

  /** One stem for each half pixel, as high as the slowest answer that began there. */
  function drawStems(inside, { y, height, samples }) {
    const level = (ms) => y + height - rise(ms) * (height - 4);
    for (const [ms, name] of [
      [10, '10 ms'],
      [100, '100 ms'],
      [1000, '1 s'],
    ]) {
      add(inside, 'line', { x1: place.left, x2: place.width, y1: level(ms), y2: level(ms), class: 'level' });
      if (!place.narrow) add(svg, 'text', { x: place.left - 6, y: level(ms) + 3, class: 'level' }, name);
    }
    const slowest = new Map();
    for (const [at, ms] of samples) {
      if (at < view.from || at > view.to) continue;
      const column = Math.round(x(at) * 2) / 2;
      if (!(slowest.get(column) > ms)) slowest.set(column, ms);
    }
    const stems = [...slowest].map(([column, ms]) => `M${column},${y + height}V${level(ms).toFixed(1)}`);
    add(inside, 'path', { d: stems.join(''), class: 'stems' });
  }

  function drawRing(inside, { lane, mark }) {
    const half = mark.shape === 'bar' ? 2 : 8;
    const [left, right] = [Math.max(place.left + 1, x(mark.from) - half), Math.min(end() - 1, x(mark.to) + half)];
    const row =
      mark.row === undefined
        ? { y: lane.y - 3, height: lane.height + 6 }
        : { y: lane.y + 3 + rowHeight * mark.row, height: rowHeight };
    add(inside, 'rect', { ...row, x: left, width: Math.max(8, right - left), rx: 6, class: 'current' });
  }

  return { place, x, timeAt, draw };
}
