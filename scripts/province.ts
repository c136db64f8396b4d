// `npm run province`: a provincial server from the source, in this process. Arguments go through: --database URL,
// --data DIR, --listen HOST:PORT, --page HOST:PORT, --plain PORT, --log-level LEVEL.
import '../province/main.ts';
