// The way between browser and server, which can be cut: what is under way is lost, and nothing new
// comes through until it is mended.
import net from 'node:net';
import { once } from 'node:events';

export async function cable(to) {
  const { hostname, port } = new URL(to);
  const open = new Set();
  const server = net.createServer((near) => {
    const far = net.connect(Number(port), hostname);
    for (const end of [near, far]) {
      open.add(end);
      end.on('close', () => open.delete(end));
      end.on('error', () => undefined);
    }
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  const listen = async (at) => {
    server.listen(at, '127.0.0.1');
    await once(server, 'listening');
    return server.address().port;
  };
  const cut = async () => {
    const closed = once(server, 'close');
    server.close();
    open.forEach((end) => end.destroy());
    await closed;
  };
  const own = await listen(0);
  return { url: `http://127.0.0.1:${own}`, cut, mend: () => listen(own) };
}
