/**
 * What all rule files share: the configuration of the chevrotain parser and what its recovery may do.
 * The grammar is one class, spread over a chain of files from the tightest rules to the file.
 */
import {
  type CstNode,
  CstParser,
  defaultParserErrorProvider,
  type IRecognitionException,
  type IToken,
  type ParserMethod,
  type TokenType,
} from 'chevrotain';
import * as T from '../tokens.ts';

export type Rule = ParserMethod<[], CstNode>;

/**
 * Never made up by recovery: a made-up name would be reported again as unknown, and a made-up opener
 * would want its closer.
 */
const neverInserted = [
  ...[T.Id, T.Word, T.NumberLiteral, T.StringLiteral, T.ChainStart],
  ...[T.LParen, T.LBracket, T.LBrace],
];
/** Never skipped alone in the hope that the token behind it fits. */
const neverDeleted = [
  ...[T.LParen, T.RParen, T.LBracket, T.RBracket, T.LBrace, T.RBrace],
  ...[T.ChainStart, T.Equals, T.Pipe],
];

/** Recovery goes deeper with every error, and takes a millisecond: beyond this many it gives up. */
export const errorLimit = 200;

/** What chevrotain's types leave out. */
interface Recovering {
  recoveryEnabled: boolean;
  SAVE_ERROR(error: IRecognitionException): IRecognitionException;
  shouldInRepetitionRecoveryBeTried(...state: readonly unknown[]): boolean;
}
const chevrotain = CstParser.prototype as unknown as Recovering;

export abstract class Rules extends CstParser {
  private found = 0;
  /** Tokens before which recovery made one up, in the current text. */
  readonly mended: Set<IToken> = new Set();

  constructor() {
    super(T.allTokens, {
      recoveryEnabled: true,
      maxLookahead: 3,
      nodeLocationTracking: 'onlyOffset',
      errorMessageProvider: {
        ...defaultParserErrorProvider,
        // The sentence is made later, with the whole text at hand: here only what was expected.
        buildMismatchTokenMessage: ({ expected }) => expected.name,
      },
    });
  }

  override reset(): void {
    super.reset();
    this.mended.clear();
    this.found = 0;
    (this as unknown as Recovering).recoveryEnabled = true;
  }

  /** Chevrotain calls this for every error that it finds. */
  protected SAVE_ERROR(error: IRecognitionException): IRecognitionException {
    this.found += 1;
    if (this.found >= errorLimit) (this as unknown as Recovering).recoveryEnabled = false;
    return chevrotain.SAVE_ERROR.call(this, error);
  }

  /** Whether to look for the next item of a list behind an error, one call deeper. */
  protected shouldInRepetitionRecoveryBeTried(...state: readonly unknown[]): boolean {
    return (
      this.found < errorLimit && chevrotain.shouldInRepetitionRecoveryBeTried.call(this, ...state)
    );
  }

  protected override canTokenTypeBeInsertedInRecovery(type: TokenType): boolean {
    return !neverInserted.includes(type);
  }

  protected override canTokenTypeBeDeletedInRecovery(): boolean {
    const next = this.LA(1).tokenType;
    const isKeyword = next !== T.Identifier && (next.CATEGORIES ?? []).includes(T.Word);
    return !isKeyword && !neverDeleted.includes(next);
  }

  /** A token made up by recovery stands for no text: its place is behind the token before it. */
  protected override getTokenToInsert(type: TokenType): IToken {
    this.mended.add(this.LA(1));
    const before = this.LA(0);
    const place = {
      startOffset: (before.endOffset ?? -1) + 1,
      endOffset: before.endOffset ?? -1,
      startLine: before.endLine ?? 1,
      endLine: before.endLine ?? 1,
    };
    return { ...super.getTokenToInsert(type), ...place };
  }

  /** Whether the next token stands on the line where the one before it ended. */
  protected sameLine(): boolean {
    return this.LA(1).startLine === this.LA(0).endLine;
  }

  /** One or more of `item`, a comma between and perhaps one behind. Once in a rule. */
  protected commaList(item: Rule): void {
    this.SUBRULE8(item);
    this.MANY8(() => {
      this.CONSUME8(T.Comma);
      this.SUBRULE9(item);
    });
    this.OPTION8(() => this.CONSUME9(T.Comma));
  }
}
