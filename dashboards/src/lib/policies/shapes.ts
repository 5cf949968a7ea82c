/** The policies of a house. A test holds them against the OpenAPI document. */
import type { Field, Shape } from './shape';

const whole = (unit: Field & { is: 'number' }): Field => ({ ...unit, whole: true });
const days = (min: number): Field => whole({ is: 'number', unit: 'days', min });
const hours: Field = whole({ is: 'number', unit: 'hours', min: 1 });
const weight: Field = { is: 'number', min: 0 };

const approval: Shape = {
  schema: 'ApprovalPolicy',
  fields: {
    rules: {
      is: 'rows',
      ordered: true,
      fresh: () => ({ role: 'manager', from: null, only_safety_relevant: false }),
      shape: {
        schema: 'ApprovalRule',
        fields: {
          role: { is: 'choice', of: 'Role' },
          from: { is: 'money' },
          only_safety_relevant: { is: 'check' }
        }
      }
    }
  }
};

const advice: Shape = {
  schema: 'CareAdvice',
  fields: {
    en: { is: 'text', long: true, language: 'en' },
    'zh-Hans': { is: 'text', long: true, optional: true, language: 'zh-Hans' },
    'zh-Hant': { is: 'text', long: true, optional: true, language: 'zh-Hant' }
  }
};

const care: Shape = {
  schema: 'CarePolicy',
  fields: {
    active: { is: 'check' },
    ahead_days: days(1),
    late_days: days(1),
    hour: whole({ is: 'number', unit: 'oclock', min: 0, max: 23 }),
    rules: {
      is: 'rows',
      fresh: () => ({
        key: '',
        kind: 'tip',
        when: { is: 'days_after', days: 30, since: 'purchase' },
        models: [],
        segments: [],
        advice: { en: '', 'zh-Hans': '', 'zh-Hant': '' }
      }),
      shape: {
        schema: 'CareRule',
        named: ['key'],
        fields: {
          key: { is: 'text' },
          kind: { is: 'choice', of: 'CareKind' },
          when: {
            is: 'variants',
            of: 'CareWhen',
            fresh: {
              days_after: () => ({ is: 'days_after', days: 30, since: 'purchase' }),
              every_months: () => ({ is: 'every_months', months: 12 }),
              before_warranty_ends: () => ({ is: 'before_warranty_ends', days: 30 })
            },
            shapes: {
              days_after: {
                schema: 'CareWhen',
                fields: { days: days(0), since: { is: 'choice', of: 'CareSince' } }
              },
              every_months: {
                schema: 'CareWhen',
                fields: { months: whole({ is: 'number', unit: 'months', min: 1 }) }
              },
              before_warranty_ends: { schema: 'CareWhen', fields: { days: days(0) } }
            }
          },
          models: { is: 'words' },
          segments: { is: 'words' },
          advice: { is: 'group', shape: advice }
        }
      }
    }
  }
};

const drill: Shape = { schema: 'DrillPolicy', fields: { every_days: days(1) } };

const intake: Shape = {
  schema: 'IntakePolicy',
  fields: { requests_from_readings: { is: 'check' }, tell_customers: { is: 'check' } }
};

const points: Field = whole({ is: 'number', unit: 'points', min: 0 });
const loyalty: Shape = {
  schema: 'LoyaltyPolicy',
  fields: { survey_answered: points, suggestion_adopted: points }
};

const minutes: Field = whole({ is: 'number', unit: 'minutes', min: 0, max: 1440 });
const planning: Shape = {
  schema: 'PlanningPolicy',
  fields: {
    auto_dispatch: { is: 'choice', of: 'AutoDispatch' },
    auto_dispatch_priorities: { is: 'choices', of: 'Priority' },
    horizon_days: days(1),
    lead_minutes: minutes,
    reminder_hours: { is: 'numbers', unit: 'hours' },
    speed_km_h: { is: 'number', unit: 'kmh', min: 1, max: 300 },
    detour: { is: 'number', unit: 'times', min: 1, max: 10 },
    unknown_way_minutes: minutes,
    travel: weight,
    wait: weight,
    late: weight,
    load: { ...weight, unit: 'minutes' }
  }
};

const reporting: Shape = {
  schema: 'ReportingPolicy',
  fields: {
    currency: { is: 'text' },
    labour_hour_minor: { is: 'minor' },
    visit_minor: { is: 'minor' },
    goals: {
      is: 'rows',
      fresh: () => ({ kpi: 'satisfied', is: 'at_least', figure: 0.9 }),
      shape: {
        schema: 'KpiGoal',
        named: ['kpi'],
        fields: {
          kpi: { is: 'kpi' },
          is: { is: 'choice', of: 'GoalSide' },
          figure: { is: 'figure' }
        }
      }
    }
  }
};

const stepHours: Shape = {
  schema: 'StepHours',
  fields: {
    requested: hours,
    approved: hours,
    awaiting: hours,
    received: hours,
    inspected: hours,
    settled: hours
  }
};

const returns: Shape = {
  schema: 'ReturnPolicy',
  fields: {
    return_days: days(0),
    exchange_days: days(0),
    repair_exchange_days: days(0),
    hours: { is: 'group', shape: stepHours },
    priority_lane_hours: { is: 'group', shape: stepHours },
    reasons: {
      is: 'rows',
      fresh: () => ({ code: '', words: { en: '', 'zh-Hans': '', 'zh-Hant': '' } }),
      shape: {
        schema: 'ReturnReason',
        named: ['code'],
        fields: {
          code: { is: 'text' },
          words: {
            is: 'group',
            shape: {
              schema: 'ReasonWords',
              fields: {
                en: { is: 'text', language: 'en' },
                'zh-Hans': { is: 'text', language: 'zh-Hans' },
                'zh-Hant': { is: 'text', language: 'zh-Hant' }
              }
            }
          }
        }
      }
    }
  }
};

const survey: Shape = {
  schema: 'SurveyPolicy',
  fields: {
    satisfied_from: { is: 'number', unit: 'ofFive', min: 1, max: 5 },
    open_days: days(1),
    call_back_days: days(0),
    call_back_notice_hours: { ...hours, min: 0 } as Field,
    every_months: whole({ is: 'number', unit: 'months', min: 0 }),
    criteria: {
      is: 'rows',
      fresh: () => ({ key: '', subject: 'product', weight: 1 }),
      shape: {
        schema: 'Criterion',
        named: ['key'],
        fields: {
          key: { is: 'text' },
          subject: { is: 'choice', of: 'SurveySubject' },
          weight
        }
      }
    }
  }
};

const training: Shape = {
  schema: 'TrainingPolicy',
  fields: { coverage_percent: { is: 'number', unit: 'percent', min: 0, max: 100 } }
};

/** One of several service levels. */
export const serviceLevel: Shape = {
  schema: 'SlaPolicy',
  fields: {
    targets: {
      is: 'rows',
      fresh: () => ({ kind: 'resolution', priority: null, seconds: 86_400, calendar: null }),
      shape: {
        schema: 'SlaTarget',
        named: ['kind', 'priority'],
        fields: {
          kind: { is: 'choice', of: 'TargetKind' },
          priority: { is: 'choice', of: 'Priority', none: true },
          seconds: { is: 'seconds' },
          calendar: { is: 'calendar' }
        }
      }
    },
    due_soon_percent: whole({ is: 'number', unit: 'percent', min: 1, max: 99 }),
    goals: {
      is: 'rows',
      fresh: () => ({ name: '', is: 'at_least', figure: 90, unit: '%' }),
      shape: {
        schema: 'Goal',
        named: ['name', 'is'],
        fields: {
          name: { is: 'text' },
          is: { is: 'choice', of: 'GoalSide' },
          figure: { is: 'number' },
          unit: { is: 'text' }
        }
      }
    }
  }
};

/** In the order in which a case meets them. */
export const SHAPES = {
  intake,
  approval,
  planning,
  return: returns,
  survey,
  care,
  loyalty,
  drill,
  training,
  reporting
} as const satisfies Record<string, Shape>;

export type PolicyName = keyof typeof SHAPES;
export const POLICIES = Object.keys(SHAPES) as PolicyName[];

/** Operations that change and list a policy. */
export const changing = (name: PolicyName): string => `change_${name}_policy`;
export const listing = (name: PolicyName): string => `list_${name}_policies`;

export const isPolicy = (name: string): name is PolicyName => Object.hasOwn(SHAPES, name);
