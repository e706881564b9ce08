export { beside, replaceFile } from '../host/replace-file.ts';
