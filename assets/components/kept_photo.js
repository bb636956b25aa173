// Keeps a photo for the interactive figures of this page, which are drawn again more often than it should be sent.

export default function ({ data }) {
  window.darkExplorerPhoto = data;
  window.dispatchEvent(new Event("darkexplorerphoto"));
}
