// Asks for a run of the page once a dropped connection stands again. Streamlit waits for the visitor's next act instead,
// and another process would lose that act: it knows of no control before it has run the page once.

const app = () => document.querySelector("[data-testid=stApp]");
const connected = () => app()?.dataset.testConnectionState === "CONNECTED";
let stood = true, count = 0;

export default function ({ parentElement, setTriggerValue }) {
  parentElement.ask = () => setTriggerValue("connected", ++count);
  if (parentElement.watching || !app()) return;
  parentElement.watching = new MutationObserver(() => {
    const stands = connected();
    if (stands && !stood) parentElement.ask();
    stood = stands;
  });
  parentElement.watching.observe(app(), { attributeFilter: ["data-test-connection-state"] });
  return () => parentElement.watching.disconnect();
}
