// Who may change a finished entry. An entry belongs to its author; a head of department corrects entries
// of the department (approving corrections is what that role is for). Nobody else, whatever their permissions.
import type { Context } from '../../store/room.ts';

const correctsOthers = ['truong_khoa'];

export const mayAmend = (ctx: Pick<Context, 'caller'>, owner: string | null): boolean =>
  owner === ctx.caller.userId || ctx.caller.roles.some((role) => correctsOthers.includes(role));
