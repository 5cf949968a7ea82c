import type { Texts } from '../en';

export const offline: Texts['offline'] = {
  banner: '沒有連線。到府、步驟、記錄和檔案會儲存在本裝置上，稍後傳送。',
  asOf: (when) => `顯示的是${when}讀取的內容。`,
  waiting: (n) => `${n} 項尚未傳送`,
  refused: (n) => `${n} 項被拒絕`,
  title: '尚未傳送',
  lead: '已在本裝置上完成，但伺服器還不知道。關閉瀏覽器也會保留，並會自動傳送。',
  none: '全部已傳送',
  noneLead: '沒有連線時所做的內容會在這裡等待。',
  sendNow: '立即傳送',
  waits: '等待連線',
  refusedAs: (why) => `被拒絕：${why}`,
  again: '重新傳送',
  drop: '放棄',
  dropTitle: '放棄這一項？',
  dropLead: '它會從本裝置刪除，伺服器永遠不會收到。',
  dropSubmit: '刪除',
  prepared: (when) => `您的到府任務已儲存在本裝置上，截至${when}。`,
  preparing: '正在把您的到府任務儲存到本裝置…',
  notPrepared: '未能把您的全部到府任務儲存到本裝置。',
  what: {
    visit: (state) => `到府：${state}`,
    order: (state) => `派工單：${state}`,
    ticked: (text) => `已完成：${text}`,
    unticked: (text) => `未完成：${text}`,
    part: (name, state) => `${name}：${state}`,
    partTaken: (quantity, name) => `備品：${quantity} × ${name}`,
    file: (title) => `檔案：${title}`,
    session: (title) => `已準備維修：${title}`,
    sessionMoved: (state) => `維修：${state}`,
    entry: (text) => `記錄：${text}`
  }
};
