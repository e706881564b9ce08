/**
 * Types of the concrete syntax tree, generated from `parser.ts`: do not edit, run the test
 * `test/grammar/cst.test.ts` with UPDATE_GOLDEN=1. In the tree of a faulty text any child may be
 * absent whatever these types say, so read children with `first` and `all` of `to-ast/build.ts`.
 */
import type { CstNode, IToken } from 'chevrotain';

export interface CallCstNode extends CstNode {
  name: 'call';
  children: CallCstChildren;
}

export type CallCstChildren = {
  LParen: IToken[];
  argument?: ArgumentCstNode[];
  Comma?: IToken[];
  RParen: IToken[];
};

export interface ArgumentCstNode extends CstNode {
  name: 'argument';
  children: ArgumentCstChildren;
}

export type ArgumentCstChildren = {
  Word?: IToken[];
  Equals?: IToken[];
  expression: ExpressionCstNode[];
};

export interface SubscriptCstNode extends CstNode {
  name: 'subscript';
  children: SubscriptCstChildren;
}

export type SubscriptCstChildren = {
  LBracket: IToken[];
  index: IndexCstNode[];
  Comma?: IToken[];
  RBracket: IToken[];
};

export interface IndexCstNode extends CstNode {
  name: 'index';
  children: IndexCstChildren;
}

export type IndexCstChildren = {
  Ellipsis?: IToken[];
  expression?: ExpressionCstNode[];
  slice?: SliceCstNode[];
};

export interface SliceCstNode extends CstNode {
  name: 'slice';
  children: SliceCstChildren;
}

export type SliceCstChildren = {
  Colon: IToken[];
  expression?: ExpressionCstNode[];
  step?: StepCstNode[];
};

export interface StepCstNode extends CstNode {
  name: 'step';
  children: StepCstChildren;
}

export type StepCstChildren = {
  Colon: IToken[];
  expression?: ExpressionCstNode[];
};

export interface FieldCstNode extends CstNode {
  name: 'field';
  children: FieldCstChildren;
}

export type FieldCstChildren = {
  Dot: IToken[];
  Word: IToken[];
};

export interface BlockCstNode extends CstNode {
  name: 'block';
  children: BlockCstChildren;
}

export type BlockCstChildren = {
  LBrace: IToken[];
  expression: ExpressionCstNode[];
  RBrace: IToken[];
};

export interface PrimaryCstNode extends CstNode {
  name: 'primary';
  children: PrimaryCstChildren;
}

export type PrimaryCstChildren = {
  NumberLiteral?: IToken[];
  StringLiteral?: IToken[];
  True?: IToken[];
  False?: IToken[];
  Id?: IToken[];
  Hole?: IToken[];
  parenthesised?: ParenthesisedCstNode[];
  list?: ListCstNode[];
  repeat?: RepeatCstNode[];
  block?: BlockCstNode[];
};

export interface ParenthesisedCstNode extends CstNode {
  name: 'parenthesised';
  children: ParenthesisedCstChildren;
}

export type ParenthesisedCstChildren = {
  LParen: IToken[];
  expression: ExpressionCstNode[];
  Comma?: IToken[];
  RParen: IToken[];
};

export interface ListCstNode extends CstNode {
  name: 'list';
  children: ListCstChildren;
}

export type ListCstChildren = {
  LBracket: IToken[];
  listItem?: ListItemCstNode[];
  Comma?: IToken[];
  RBracket: IToken[];
};

export interface ListItemCstNode extends CstNode {
  name: 'listItem';
  children: ListItemCstChildren;
}

export type ListItemCstChildren = {
  Ellipsis?: IToken[];
  Id?: IToken[];
  expression?: ExpressionCstNode[];
};

export interface RepeatCstNode extends CstNode {
  name: 'repeat';
  children: RepeatCstChildren;
}

export type RepeatCstChildren = {
  Repeat: IToken[];
  atom: AtomCstNode[];
  In?: IToken[];
  list?: ListCstNode[];
  DotDot?: IToken[];
  block: BlockCstNode[];
};

export interface AtomCstNode extends CstNode {
  name: 'atom';
  children: AtomCstChildren;
}

export type AtomCstChildren = {
  NumberLiteral?: IToken[];
  Id?: IToken[];
  field?: FieldCstNode[];
  Hole?: IToken[];
  LParen?: IToken[];
  expression?: ExpressionCstNode[];
  RParen?: IToken[];
};

export interface ExpressionCstNode extends CstNode {
  name: 'expression';
  children: ExpressionCstChildren;
}

export type ExpressionCstChildren = {
  choice?: ChoiceCstNode[];
  lambda?: LambdaCstNode[];
  pipe?: PipeCstNode[];
};

export interface ChoiceCstNode extends CstNode {
  name: 'choice';
  children: ChoiceCstChildren;
}

export type ChoiceCstChildren = {
  If: IToken[];
  expression: ExpressionCstNode[];
  Then: IToken[];
  Else: IToken[];
};

export interface LambdaCstNode extends CstNode {
  name: 'lambda';
  children: LambdaCstChildren;
}

export type LambdaCstChildren = {
  Fn: IToken[];
  params: ParamsCstNode[];
  FatArrow?: IToken[];
  expression?: ExpressionCstNode[];
  statements?: StatementsCstNode[];
};

export interface PipeCstNode extends CstNode {
  name: 'pipe';
  children: PipeCstChildren;
}

export type PipeCstChildren = {
  disjunction: DisjunctionCstNode[];
  alias?: AliasCstNode[];
  piped?: PipedCstNode[];
  strayOperator?: StrayOperatorCstNode[];
  pythonChoice?: PythonChoiceCstNode[];
};

export interface PipedCstNode extends CstNode {
  name: 'piped';
  children: PipedCstChildren;
}

export type PipedCstChildren = {
  Pipe: IToken[];
  stage: StageCstNode[];
};

export interface StageCstNode extends CstNode {
  name: 'stage';
  children: StageCstChildren;
}

export type StageCstChildren = {
  postfix?: PostfixCstNode[];
  looseStage?: LooseStageCstNode[];
  alias?: AliasCstNode[];
};

export interface LooseStageCstNode extends CstNode {
  name: 'looseStage';
  children: LooseStageCstChildren;
}

export type LooseStageCstChildren = {
  choice?: ChoiceCstNode[];
  lambda?: LambdaCstNode[];
  Minus?: IToken[];
  Not?: IToken[];
  unary?: UnaryCstNode[];
};

export interface AliasCstNode extends CstNode {
  name: 'alias';
  children: AliasCstChildren;
}

export type AliasCstChildren = {
  As: IToken[];
  Id: IToken[];
};

export interface StrayOperatorCstNode extends CstNode {
  name: 'strayOperator';
  children: StrayOperatorCstChildren;
}

export type StrayOperatorCstChildren = {
  Operator: IToken[];
  disjunction: DisjunctionCstNode[];
};

export interface PythonChoiceCstNode extends CstNode {
  name: 'pythonChoice';
  children: PythonChoiceCstChildren;
}

export type PythonChoiceCstChildren = {
  If: IToken[];
  disjunction: DisjunctionCstNode[];
  Else: IToken[];
  expression: ExpressionCstNode[];
};

export interface DisjunctionCstNode extends CstNode {
  name: 'disjunction';
  children: DisjunctionCstChildren;
}

export type DisjunctionCstChildren = {
  conjunction: ConjunctionCstNode[];
  Or?: IToken[];
};

export interface ConjunctionCstNode extends CstNode {
  name: 'conjunction';
  children: ConjunctionCstChildren;
}

export type ConjunctionCstChildren = {
  negation: NegationCstNode[];
  And?: IToken[];
};

export interface NegationCstNode extends CstNode {
  name: 'negation';
  children: NegationCstChildren;
}

export type NegationCstChildren = {
  Not?: IToken[];
  negation?: NegationCstNode[];
  comparison?: ComparisonCstNode[];
};

export interface ComparisonCstNode extends CstNode {
  name: 'comparison';
  children: ComparisonCstChildren;
}

export type ComparisonCstChildren = {
  sum: SumCstNode[];
  CompareOp?: IToken[];
};

export interface SumCstNode extends CstNode {
  name: 'sum';
  children: SumCstChildren;
}

export type SumCstChildren = {
  product: ProductCstNode[];
  AddOp?: IToken[];
};

export interface ProductCstNode extends CstNode {
  name: 'product';
  children: ProductCstChildren;
}

export type ProductCstChildren = {
  unary: UnaryCstNode[];
  MulOp?: IToken[];
};

export interface UnaryCstNode extends CstNode {
  name: 'unary';
  children: UnaryCstChildren;
}

export type UnaryCstChildren = {
  Minus?: IToken[];
  unary?: UnaryCstNode[];
  power?: PowerCstNode[];
};

export interface PowerCstNode extends CstNode {
  name: 'power';
  children: PowerCstChildren;
}

export type PowerCstChildren = {
  postfix: PostfixCstNode[];
  StarStar?: IToken[];
  unary?: UnaryCstNode[];
};

export interface PostfixCstNode extends CstNode {
  name: 'postfix';
  children: PostfixCstChildren;
}

export type PostfixCstChildren = {
  primary: PrimaryCstNode[];
  call?: CallCstNode[];
  subscript?: SubscriptCstNode[];
  field?: FieldCstNode[];
  block?: BlockCstNode[];
};

export interface StatementCstNode extends CstNode {
  name: 'statement';
  children: StatementCstChildren;
}

export type StatementCstChildren = {
  letStmt?: LetStmtCstNode[];
  inputStmt?: InputStmtCstNode[];
  paramStmt?: ParamStmtCstNode[];
  updateStmt?: UpdateStmtCstNode[];
  outputStmt?: OutputStmtCstNode[];
  lossStmt?: LossStmtCstNode[];
  metricStmt?: MetricStmtCstNode[];
  expectStmt?: ExpectStmtCstNode[];
  returnStmt?: ReturnStmtCstNode[];
};

export interface LetStmtCstNode extends CstNode {
  name: 'letStmt';
  children: LetStmtCstChildren;
}

export type LetStmtCstChildren = {
  Let: IToken[];
  pattern: PatternCstNode[];
  ofType?: OfTypeCstNode[];
  value: ValueCstNode[];
};

export interface InputStmtCstNode extends CstNode {
  name: 'inputStmt';
  children: InputStmtCstChildren;
}

export type InputStmtCstChildren = {
  Input: IToken[];
  Id: IToken[];
  ofType?: OfTypeCstNode[];
  Equals?: IToken[];
  expression?: ExpressionCstNode[];
};

export interface ParamStmtCstNode extends CstNode {
  name: 'paramStmt';
  children: ParamStmtCstChildren;
}

export type ParamStmtCstChildren = {
  Param?: IToken[];
  State?: IToken[];
  Id: IToken[];
  ofType?: OfTypeCstNode[];
  value: ValueCstNode[];
};

export interface UpdateStmtCstNode extends CstNode {
  name: 'updateStmt';
  children: UpdateStmtCstChildren;
}

export type UpdateStmtCstChildren = {
  Update: IToken[];
  Id: IToken[];
  value: ValueCstNode[];
};

export interface OutputStmtCstNode extends CstNode {
  name: 'outputStmt';
  children: OutputStmtCstChildren;
}

export type OutputStmtCstChildren = {
  Output: IToken[];
  Id: IToken[];
  Comma?: IToken[];
  value: ValueCstNode[];
};

export interface LossStmtCstNode extends CstNode {
  name: 'lossStmt';
  children: LossStmtCstChildren;
}

export type LossStmtCstChildren = {
  Loss: IToken[];
  Id?: IToken[];
  value: ValueCstNode[];
};

export interface MetricStmtCstNode extends CstNode {
  name: 'metricStmt';
  children: MetricStmtCstChildren;
}

export type MetricStmtCstChildren = {
  Metric: IToken[];
  Id: IToken[];
  value: ValueCstNode[];
};

export interface ExpectStmtCstNode extends CstNode {
  name: 'expectStmt';
  children: ExpectStmtCstChildren;
}

export type ExpectStmtCstChildren = {
  Expect: IToken[];
  expression: ExpressionCstNode[];
};

export interface ReturnStmtCstNode extends CstNode {
  name: 'returnStmt';
  children: ReturnStmtCstChildren;
}

export type ReturnStmtCstChildren = {
  Return: IToken[];
  expression: ExpressionCstNode[];
};

export interface OfTypeCstNode extends CstNode {
  name: 'ofType';
  children: OfTypeCstChildren;
}

export type OfTypeCstChildren = {
  Colon?: IToken[];
  ChainStart?: IToken[];
  type: TypeCstNode[];
};

export interface ValueCstNode extends CstNode {
  name: 'value';
  children: ValueCstChildren;
}

export type ValueCstChildren = {
  Equals?: IToken[];
  expression?: ExpressionCstNode[];
  ChainStart?: IToken[];
};

export interface ChainCstNode extends CstNode {
  name: 'chain';
  children: ChainCstChildren;
}

export type ChainCstChildren = {
  ChainStart: IToken[];
  expression: ExpressionCstNode[];
  Colon?: IToken[];
  type?: TypeCstNode[];
  Equals?: IToken[];
  AugmentedAssign?: IToken[];
};

export interface ParamsCstNode extends CstNode {
  name: 'params';
  children: ParamsCstChildren;
}

export type ParamsCstChildren = {
  LParen: IToken[];
  param?: ParamCstNode[];
  Comma?: IToken[];
  RParen: IToken[];
};

export interface ParamCstNode extends CstNode {
  name: 'param';
  children: ParamCstChildren;
}

export type ParamCstChildren = {
  pattern: PatternCstNode[];
  Question?: IToken[];
  Colon?: IToken[];
  type?: TypeCstNode[];
  Equals?: IToken[];
  expression?: ExpressionCstNode[];
};

export interface StatementsCstNode extends CstNode {
  name: 'statements';
  children: StatementsCstChildren;
}

export type StatementsCstChildren = {
  LBrace: IToken[];
  statement?: StatementCstNode[];
  chain?: ChainCstNode[];
  layerDecl?: LayerDeclCstNode[];
  fnDecl?: FnDeclCstNode[];
  constDecl?: ConstDeclCstNode[];
  RBrace: IToken[];
};

export interface PatternCstNode extends CstNode {
  name: 'pattern';
  children: PatternCstChildren;
}

export type PatternCstChildren = {
  Id?: IToken[];
  tuplePattern?: TuplePatternCstNode[];
  listPattern?: ListPatternCstNode[];
};

export interface TuplePatternCstNode extends CstNode {
  name: 'tuplePattern';
  children: TuplePatternCstChildren;
}

export type TuplePatternCstChildren = {
  LParen: IToken[];
  pattern: PatternCstNode[];
  Comma?: IToken[];
  RParen: IToken[];
};

export interface ListPatternCstNode extends CstNode {
  name: 'listPattern';
  children: ListPatternCstChildren;
}

export type ListPatternCstChildren = {
  LBracket: IToken[];
  pattern: PatternCstNode[];
  Comma?: IToken[];
  RBracket: IToken[];
};

export interface TypeCstNode extends CstNode {
  name: 'type';
  children: TypeCstChildren;
}

export type TypeCstChildren = {
  Id?: IToken[];
  Fn?: IToken[];
  axes?: AxesCstNode[];
};

export interface AxesCstNode extends CstNode {
  name: 'axes';
  children: AxesCstChildren;
}

export type AxesCstChildren = {
  LBracket: IToken[];
  axis?: AxisCstNode[];
  Comma?: IToken[];
  RBracket: IToken[];
};

export interface AxisCstNode extends CstNode {
  name: 'axis';
  children: AxisCstChildren;
}

export type AxisCstChildren = {
  Ellipsis?: IToken[];
  Id?: IToken[];
  sum?: SumCstNode[];
};

export interface FileCstNode extends CstNode {
  name: 'file';
  children: FileCstChildren;
}

export type FileCstChildren = {
  version?: VersionCstNode[];
  item?: ItemCstNode[];
};

export interface VersionCstNode extends CstNode {
  name: 'version';
  children: VersionCstChildren;
}

export type VersionCstChildren = {
  Nn: IToken[];
  NumberLiteral: IToken[];
};

export interface ItemCstNode extends CstNode {
  name: 'item';
  children: ItemCstChildren;
}

export type ItemCstChildren = {
  importItem?: ImportItemCstNode[];
  layerDecl?: LayerDeclCstNode[];
  fnDecl?: FnDeclCstNode[];
  constDecl?: ConstDeclCstNode[];
  dimDecl?: DimDeclCstNode[];
  section?: SectionCstNode[];
  statement?: StatementCstNode[];
  chain?: ChainCstNode[];
  leftover?: LeftoverCstNode[];
};

export interface LeftoverCstNode extends CstNode {
  name: 'leftover';
  children: LeftoverCstChildren;
}

export type LeftoverCstChildren = {
  RParen?: IToken[];
  RBracket?: IToken[];
  RBrace?: IToken[];
};

export interface ImportItemCstNode extends CstNode {
  name: 'importItem';
  children: ImportItemCstChildren;
}

export type ImportItemCstChildren = {
  Import: IToken[];
  importFile?: ImportFileCstNode[];
  importNames?: ImportNamesCstNode[];
};

export interface ImportFileCstNode extends CstNode {
  name: 'importFile';
  children: ImportFileCstChildren;
}

export type ImportFileCstChildren = {
  StringLiteral: IToken[];
  As: IToken[];
  Id: IToken[];
};

export interface ImportNamesCstNode extends CstNode {
  name: 'importNames';
  children: ImportNamesCstChildren;
}

export type ImportNamesCstChildren = {
  Id: IToken[];
  Comma?: IToken[];
  Dot?: IToken[];
  As?: IToken[];
  From?: IToken[];
  StringLiteral?: IToken[];
};

export interface ConstDeclCstNode extends CstNode {
  name: 'constDecl';
  children: ConstDeclCstChildren;
}

export type ConstDeclCstChildren = {
  Const: IToken[];
  Id: IToken[];
  value: ValueCstNode[];
};

export interface DimDeclCstNode extends CstNode {
  name: 'dimDecl';
  children: DimDeclCstChildren;
}

export type DimDeclCstChildren = {
  Dim: IToken[];
  fact: FactCstNode[];
  Comma?: IToken[];
};

export interface FactCstNode extends CstNode {
  name: 'fact';
  children: FactCstChildren;
}

export type FactCstChildren = {
  Id: IToken[];
  LessEqual?: IToken[];
  Percent?: IToken[];
  atom?: AtomCstNode[];
};

export interface SectionCstNode extends CstNode {
  name: 'section';
  children: SectionCstChildren;
}

export type SectionCstChildren = {
  Train?: IToken[];
  Id?: IToken[];
  Policy?: IToken[];
  record: RecordCstNode[];
};

export interface RecordCstNode extends CstNode {
  name: 'record';
  children: RecordCstChildren;
}

export type RecordCstChildren = {
  LBrace: IToken[];
  entry?: EntryCstNode[];
  RBrace: IToken[];
};

export interface EntryCstNode extends CstNode {
  name: 'entry';
  children: EntryCstChildren;
}

export type EntryCstChildren = {
  Word: IToken[];
  Colon?: IToken[];
  Equals?: IToken[];
  record?: RecordCstNode[];
  expression?: ExpressionCstNode[];
  Comma?: IToken[];
};

export interface LayerDeclCstNode extends CstNode {
  name: 'layerDecl';
  children: LayerDeclCstChildren;
}

export type LayerDeclCstChildren = {
  Layer: IToken[];
  Id?: IToken[];
  params: ParamsCstNode[];
  resultType?: ResultTypeCstNode[];
  body: BodyCstNode[];
};

export interface FnDeclCstNode extends CstNode {
  name: 'fnDecl';
  children: FnDeclCstChildren;
}

export type FnDeclCstChildren = {
  Fn: IToken[];
  Id: IToken[];
  params: ParamsCstNode[];
  resultType?: ResultTypeCstNode[];
  body: BodyCstNode[];
  vjp?: VjpCstNode[];
};

export interface VjpCstNode extends CstNode {
  name: 'vjp';
  children: VjpCstChildren;
}

export type VjpCstChildren = {
  Vjp: IToken[];
  params: ParamsCstNode[];
  FatArrow: IToken[];
  expression: ExpressionCstNode[];
};

export interface ResultTypeCstNode extends CstNode {
  name: 'resultType';
  children: ResultTypeCstChildren;
}

export type ResultTypeCstChildren = {
  Arrow: IToken[];
  type: TypeCstNode[];
};

export interface BodyCstNode extends CstNode {
  name: 'body';
  children: BodyCstChildren;
}

export type BodyCstChildren = {
  Equals?: IToken[];
  FatArrow?: IToken[];
  expression?: ExpressionCstNode[];
  statements?: StatementsCstNode[];
};
