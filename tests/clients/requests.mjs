// A fetch that notes each request: its method, and whether it carries the document or its name.

export function counting() {
  const requests = [];
  async function fetchNoted(address, options = {}) {
    const method = options.method ?? "GET";
    const carried = method === "GET" ? Object.fromEntries(new URL(address).searchParams) : JSON.parse(options.body);
    const answer = await fetch(address, options);
    requests.push([method, carried.query ? "document" : "name", answer.status].join(" "));
    return answer;
  }
  return { requests, fetch: fetchNoted };
}
