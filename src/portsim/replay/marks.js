// How a truck is drawn: a body as long as its class, told apart by shape, so that grey does too.
"use strict";
const COLOURS = ["#1d4fb8", "#b3570a", "#a3172b", "#6b2f86", "#3f3f49", "#0b6f65", "#7a6a00", "#b0348a"];
const SHAPES = ["box", "point", "round", "pair", "hexagon", "bar", "bow"];
const TALL = 6, LINE = 8;

// The outline of a body of so many pixels from (0, 0); its front is on the right.
function outline(c, shape, long, tall = TALL) {
  const half = tall / 2, nose = Math.min(long / 2, tall * 0.7);
  const path = (...points) => {
    points.forEach(([x, y], at) => (at ? c.lineTo(x, y) : c.moveTo(x, y)));
    c.closePath();
  };
  c.beginPath();
  if (shape === "box") path([0, 0], [long, 0], [long, tall], [0, tall]);
  else if (shape === "point") path([0, 0], [long - nose, 0], [long, half], [long - nose, tall], [0, tall]);
  else if (shape === "round") c.roundRect(0, 0, long, tall, half);
  else if (shape === "pair") {
    const gap = Math.max(1, long * 0.16), cab = long * 0.3;
    path([0, 0], [long - cab - gap, 0], [long - cab - gap, tall], [0, tall]);
    path([long - cab, 0], [long, 0], [long, tall], [long - cab, tall]);
  } else if (shape === "hexagon") path([0, half], [nose / 2, 0], [long - nose / 2, 0], [long, half], [long - nose / 2, tall], [nose / 2, tall]);
  else if (shape === "bar") path([0, half - 1.2], [long, half - 1.2], [long, half + 1.2], [0, half + 1.2]);
  else path([0, 0], [long / 2, half - 1], [long, 0], [long, tall], [long / 2, half + 1], [0, tall]);
}

// Filled goes along the road, hollow comes back; turned so that the front leads.
function body(c, x, y, long, look, back, tall = TALL) {
  c.save();
  c.translate(x, y);
  if (back) { c.translate(long, 0); c.scale(-1, 1); }
  outline(c, SHAPES[look.shape % SHAPES.length], long, tall);
  c.lineWidth = 1.3;
  c.strokeStyle = COLOURS[look.colour % COLOURS.length];
  c.fillStyle = back ? "#fff" : c.strokeStyle;
  c.fill();
  c.stroke();
  c.restore();
}

// Many trucks that do not fit: one sign for so many of them, of no class.
function pack(c, x, y, long) {
  c.fillStyle = "#26262e";
  c.fillRect(x, y, long, TALL);
  c.fillStyle = "#fff";
  for (const at of [0.3, 0.6]) c.fillRect(x + long * at, y + 1, 1, TALL - 2);
}

// Pictures of the usual marks, made once for a sharpness of the screen.
const pictures = new Map();
function mark(c, x, y, long, look, back) {
  const ratio = devicePixelRatio || 1, name = `${look.colour}/${look.shape}/${back}/${long}/${ratio}`;
  let picture = pictures.get(name);
  if (!picture) {
    picture = document.createElement("canvas");
    picture.width = Math.ceil((long + 2) * ratio);
    picture.height = Math.ceil((TALL + 2) * ratio);
    const own = picture.getContext("2d");
    own.scale(ratio, ratio);
    body(own, 1, 1, long, look, back);
    pictures.set(name, picture);
  }
  c.drawImage(picture, x - 1, y - 1, picture.width / ratio, picture.height / ratio);
}

// A canvas as large as its box on this screen, and empty.
function pen(canvas) {
  const ratio = devicePixelRatio || 1, wide = canvas.clientWidth, tall = canvas.clientHeight;
  canvas.width = Math.round(wide * ratio);
  canvas.height = Math.round(tall * ratio);
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return [context, wide, tall];
}

// The same canvas, empty again: to ask for its box would lay out the page in every frame.
function wiped(canvas) {
  const context = canvas.getContext("2d"), ratio = devicePixelRatio || 1;
  context.clearRect(0, 0, canvas.width / ratio, canvas.height / ratio);
  return context;
}
