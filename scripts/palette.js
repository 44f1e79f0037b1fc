// A picture of a page, in at most 256 colours: the commonest, later ones unlike those before, and each dot in the nearest of them.
// Gives {width, height, colours: [r, g, b, ...], dots: base64 of one byte a dot}.
async (png) => {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const seen = new Uint32Array(data.buffer);
  const counts = new Map();
  for (const dot of seen) counts.set(dot, (counts.get(dot) ?? 0) + 1);
  const split = (dot) => [dot & 255, (dot >> 8) & 255, (dot >> 16) & 255];
  const apart = (a, b) => Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]) + Math.abs(a[2] - b[2]);
  const common = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a));
  const near = common.length > 256 ? 9 : 0;
  const colours = [];
  for (const dot of common) {
    const colour = split(dot);
    const like = colours.length >= 64 && colours.some((kept) => apart(kept, colour) < near);
    if (colours.length < 256 && !like) colours.push(colour);
  }
  const number = new Map(common.map((dot) => {
    const far = colours.map((kept) => apart(kept, split(dot)));
    return [dot, far.indexOf(Math.min(...far))];
  }));
  let dots = "";
  for (const dot of seen) dots += String.fromCharCode(number.get(dot));
  return { width: image.width, height: image.height, colours: colours.flat(), dots: btoa(dots) };
}
