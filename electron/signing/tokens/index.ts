// Tokens: USB tokens and smart cards through their makers' PKCS#11 modules, in a helper process of their own.
export { openTokenDesk, type TokenDeskOptions } from './desk.ts';
export type { HelperProcess, StartHelper } from './helper-line.ts';
export { type ModuleFault, moduleFaults } from './module-file.ts';
export type { ListedToken, ModuleState, SessionEnd, TokenDesk, TokenList, TokenSession } from './types.ts';
