// Keeps the key of a room in a cookie of the teacher's browser, so that a reload finds it; it is in no link.

export default function ({ data }) {
  const secure = window.location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${data.name}=${data.key}; path=/; max-age=${data.life}; samesite=strict${secure}`;
}
