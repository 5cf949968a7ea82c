/** What policies are made of, by the names of the OpenAPI document: every property of these has a label. */
import type { Schemas } from '$lib/api/types';

type Policy<T> = T extends { policy: infer P } ? P : never;

export interface Described {
  ApprovalPolicy: Policy<Schemas['NewPolicy_ApprovalPolicy']>;
  CarePolicy: Policy<Schemas['NewPolicy_CarePolicy']>;
  DrillPolicy: Policy<Schemas['NewPolicy_DrillPolicy']>;
  IntakePolicy: Policy<Schemas['NewPolicy_IntakePolicy']>;
  LoyaltyPolicy: Policy<Schemas['NewPolicy_LoyaltyPolicy']>;
  PlanningPolicy: Policy<Schemas['NewPolicy_PlanningPolicy']>;
  ReportingPolicy: Policy<Schemas['NewPolicy_ReportingPolicy']>;
  ReturnPolicy: Policy<Schemas['NewPolicy_ReturnPolicy']>;
  SurveyPolicy: Policy<Schemas['NewPolicy_SurveyPolicy']>;
  TrainingPolicy: Policy<Schemas['NewPolicy_TrainingPolicy']>;
  SlaPolicy: Schemas['NewVersion_SlaPolicy']['content'];
  ApprovalRule: Schemas['ApprovalRule'];
  Money: Schemas['Money'];
  CareRule: Schemas['CareRule'];
  CareWhen: Schemas['CareWhen'];
  CareAdvice: Schemas['CareAdvice'];
  KpiGoal: Schemas['KpiGoal'];
  StepHours: Schemas['StepHours'];
  ReturnReason: Schemas['ReturnReason'];
  ReasonWords: Schemas['ReasonWords'];
  Criterion: Schemas['Criterion'];
  Goal: Schemas['Goal'];
  SlaTarget: Schemas['SlaTarget'];
}

/** Also those that only one of several alternatives has. */
type KeyOf<T> = T extends unknown ? keyof T : never;

export type FieldLabels = { [S in keyof Described]: Record<KeyOf<Described[S]>, string> };

/** What is chosen from, by the name of the schema. */
export interface Chosen {
  AutoDispatch: Schemas['AutoDispatch'];
  CareKind: Schemas['CareKind'];
  CareSince: Schemas['CareSince'];
  CareWhen: Schemas['CareWhen']['is'];
  GoalSide: Schemas['GoalSide'];
  Priority: Schemas['Priority'];
  Role: Schemas['Role'];
  SurveySubject: Schemas['SurveySubject'];
  TargetKind: Schemas['TargetKind'];
}

/** Words for them; those that other screens say as well are in their catalogues. */
export type ChoiceWords = {
  [C in Exclude<keyof Chosen, 'Priority' | 'Role' | 'TargetKind'>]: Record<Chosen[C], string>;
};
