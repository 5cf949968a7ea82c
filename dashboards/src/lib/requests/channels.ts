import type { RequestChannel } from '$lib/api/types';
import type { IconName } from '$lib/ui/Icon.svelte';

/** How each channel is marked beside its word. */
export const channelIcons: Readonly<Record<RequestChannel, IconName>> = {
  web_form: 'form',
  portal: 'person',
  email: 'mail',
  webhook: 'boards',
  wecom: 'chat',
  wechat: 'chat',
  dingtalk: 'chat',
  phone: 'phone',
  visit: 'repair',
  suggestion_box: 'box',
  readings: 'learning'
};

/** Of what somebody of ours writes down; the server knows the others by itself. */
export const WRITTEN_DOWN = ['phone', 'visit', 'suggestion_box'] as const;
