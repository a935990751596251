"use strict";
// Makes the letters so small that all fits on one sheet; without this a long text takes a second.
(() => {
  const root = document.documentElement;
  const fit = () => {
    const ruler = document.createElement("div");
    ruler.style.cssText = "position:absolute;visibility:hidden;height:272mm;width:186mm";
    document.body.append(ruler);
    const { height, width } = ruler.getBoundingClientRect();
    ruler.remove();
    const copy = document.body.cloneNode(true);
    copy.style.cssText = `position:absolute;visibility:hidden;left:0;top:0;width:${width}px;max-width:none`;
    root.append(copy);
    let size = 10;
    for (; size > 5; size -= 0.25) {
      copy.style.fontSize = `${size}pt`;
      if (copy.getBoundingClientRect().height <= height) break;
    }
    copy.remove();
    root.style.setProperty("--size", `${size}pt`);
  };
  fit();
})();
