/** The words of the pages that customers see without an account, in three languages. */
import { ApiProblem } from '$lib/api/client';
import type { FollowedState, Language, SurveyState } from '$lib/api/types';

interface Words {
  report: {
    title: string;
    lead: string;
    name: string;
    email: string;
    phone: string;
    machine: string;
    text: string;
    submit: string;
    needed: string;
    photos: string;
    done: (number: string) => string;
    unsent: (names: string) => string;
    follow: string;
  };
  follow: {
    state: Record<FollowedState, string>;
    received: string;
    promised: string;
    visit: string;
    verdict: string;
    verdicts: Record<string, string>;
    us: string;
    you: string;
    write: string;
    send: string;
    attach: string;
    files: string;
  };
  survey: {
    title: (machine: string | null) => string;
    lead: string;
    criteria: Record<string, string>;
    bad: string;
    good: string;
    comment: string;
    submit: string;
    none: string;
    state: Record<SurveyState, string>;
  };
  gone: string;
  unreachable: string;
}

const english: Words = {
  report: {
    title: 'Report a problem',
    lead: 'Tell us what is wrong. You get a link to follow what we do about it; no account is needed.',
    name: 'Your name',
    email: 'E-mail address',
    phone: 'Phone number',
    machine: 'Machine or serial number',
    text: 'What is wrong?',
    submit: 'Send',
    needed: 'Say what is wrong, and leave an e-mail address or a phone number.',
    photos: 'Photos, recordings or PDF',
    done: (number) => `Thank you. Your request is ${number}.`,
    unsent: (names) => `Not sent: ${names}. Try again where you follow your request.`,
    follow: 'Follow it here'
  },
  follow: {
    state: {
      received: 'Received',
      in_progress: 'In progress',
      visit_planned: 'Visit planned',
      repaired: 'Repaired',
      answered: 'Answered',
      joined: 'Handled with another request',
      closed: 'Closed'
    },
    received: 'Received',
    promised: 'Promised by',
    visit: 'Visit',
    verdict: 'What the readings say',
    verdicts: {
      fixed: 'Fixed',
      improved: 'Improved',
      unchanged: 'Unchanged',
      worse: 'Worse',
      not_enough_data: 'Not enough readings yet'
    },
    us: 'We',
    you: 'You',
    write: 'Write to us',
    send: 'Send',
    attach: 'Add a photo, a recording or a PDF',
    files: 'Attached'
  },
  survey: {
    title: (machine) =>
      machine === null ? 'How is our service?' : `How was our service for ${machine}?`,
    lead: 'From 1 (bad) to 5 (good). What you leave out does not count.',
    criteria: {
      appearance: 'Appearance',
      performance: 'Performance',
      durability: 'Durability',
      attitude: 'Friendliness',
      support: 'Help that you got'
    },
    bad: 'bad',
    good: 'good',
    comment: 'Anything else?',
    submit: 'Send',
    none: 'Give one answer at least.',
    state: {
      open: '',
      answered: 'Thank you for your answer.',
      expired: 'This survey is over. Thank you all the same.',
      withdrawn: 'This survey was taken back.'
    }
  },
  gone: 'There is nothing behind this link.',
  unreachable: 'The server does not answer. Try again in a moment.'
};

const simplified: Words = {
  report: {
    title: '报修',
    lead: '请告诉我们出了什么问题。您会得到一个链接来跟踪处理进度，无需注册。',
    name: '您的姓名',
    email: '电子邮箱',
    phone: '电话号码',
    machine: '设备名称或序列号',
    text: '出了什么问题？',
    submit: '提交',
    needed: '请说明问题，并留下电子邮箱或电话号码。',
    photos: '照片、录音或 PDF',
    done: (number) => `谢谢。您的请求编号是 ${number}。`,
    unsent: (names) => `未发送：${names}。请在跟踪页面重试。`,
    follow: '在此跟踪进度'
  },
  follow: {
    state: {
      received: '已收到',
      in_progress: '处理中',
      visit_planned: '已安排上门',
      repaired: '已修复',
      answered: '已答复',
      joined: '与另一请求一并处理',
      closed: '已关闭'
    },
    received: '收到时间',
    promised: '承诺完成时间',
    visit: '上门时间',
    verdict: '读数结论',
    verdicts: {
      fixed: '已修复',
      improved: '有改善',
      unchanged: '无变化',
      worse: '变差',
      not_enough_data: '读数尚不足'
    },
    us: '我们',
    you: '您',
    write: '给我们留言',
    send: '发送',
    attach: '添加照片、录音或 PDF',
    files: '附件'
  },
  survey: {
    title: (machine) =>
      machine === null ? '您对我们的服务满意吗？' : `您对${machine}的服务满意吗？`,
    lead: '1 分为差，5 分为好。未评分的项目不计入。',
    criteria: {
      appearance: '外观',
      performance: '性能',
      durability: '耐用性',
      attitude: '服务态度',
      support: '售后支持'
    },
    bad: '差',
    good: '好',
    comment: '还有什么想说的？',
    submit: '提交',
    none: '请至少评一项。',
    state: {
      open: '',
      answered: '感谢您的评价。',
      expired: '此次调查已结束，感谢您的关注。',
      withdrawn: '此次调查已撤回。'
    }
  },
  gone: '此链接没有对应的内容。',
  unreachable: '服务器没有响应，请稍后再试。'
};

const traditional: Words = {
  report: {
    title: '報修',
    lead: '請告訴我們出了什麼問題。您會得到一個連結來追蹤處理進度，無需註冊。',
    name: '您的姓名',
    email: '電子郵件',
    phone: '電話號碼',
    machine: '設備名稱或序號',
    text: '出了什麼問題？',
    submit: '送出',
    needed: '請說明問題，並留下電子郵件或電話號碼。',
    photos: '照片、錄音或 PDF',
    done: (number) => `謝謝。您的請求編號是 ${number}。`,
    unsent: (names) => `未送出：${names}。請在追蹤頁面重試。`,
    follow: '在此追蹤進度'
  },
  follow: {
    state: {
      received: '已收到',
      in_progress: '處理中',
      visit_planned: '已安排到府',
      repaired: '已修復',
      answered: '已答覆',
      joined: '與另一請求一併處理',
      closed: '已結案'
    },
    received: '收到時間',
    promised: '承諾完成時間',
    visit: '到府時間',
    verdict: '讀數結論',
    verdicts: {
      fixed: '已修復',
      improved: '有改善',
      unchanged: '無變化',
      worse: '變差',
      not_enough_data: '讀數尚不足'
    },
    us: '我們',
    you: '您',
    write: '留言給我們',
    send: '送出',
    attach: '新增照片、錄音或 PDF',
    files: '附件'
  },
  survey: {
    title: (machine) =>
      machine === null ? '您對我們的服務滿意嗎？' : `您對${machine}的服務滿意嗎？`,
    lead: '1 分為差，5 分為好。未評分的項目不計入。',
    criteria: {
      appearance: '外觀',
      performance: '效能',
      durability: '耐用性',
      attitude: '服務態度',
      support: '售後支援'
    },
    bad: '差',
    good: '好',
    comment: '還有什麼想說的？',
    submit: '送出',
    none: '請至少評一項。',
    state: {
      open: '',
      answered: '感謝您的評價。',
      expired: '此次調查已結束，感謝您的關注。',
      withdrawn: '此次調查已撤回。'
    }
  },
  gone: '此連結沒有對應的內容。',
  unreachable: '伺服器沒有回應，請稍後再試。'
};

export const words: Record<Language, Words> = {
  en: english,
  'zh-Hans': simplified,
  'zh-Hant': traditional
};

/** Why something did not work, for the customer. */
export function complaintOf(error: unknown, language: Language): string {
  if (!(error instanceof ApiProblem)) return words[language].unreachable;
  return error.status === 404 ? words[language].gone : error.detail;
}
