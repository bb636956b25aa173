// Keeps the frames of a clip, decoded, for the figure of Motion, which is drawn again more often than they should be sent.

export default function ({ data }) {
  if (window.darkExplorerFrames?.key === data.key) return;
  const images = data.frames.map((href) => Object.assign(new Image(), { src: href }));
  window.darkExplorerFrames = { key: data.key, images };
  for (const image of images) image.onload = () => window.dispatchEvent(new Event("darkexplorerframes"));
}
