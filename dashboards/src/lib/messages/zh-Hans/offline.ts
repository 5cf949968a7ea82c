import type { Texts } from '../en';

export const offline: Texts['offline'] = {
  banner: '没有连接。上门、步骤、记录和文件会保存在本设备上，稍后发送。',
  asOf: (when) => `显示的是${when}读取的内容。`,
  waiting: (n) => `${n} 项尚未发送`,
  refused: (n) => `${n} 项被拒绝`,
  title: '尚未发送',
  lead: '已在本设备上完成，但服务器还不知道。关闭浏览器也会保留，并会自动发送。',
  none: '全部已发送',
  noneLead: '没有连接时所做的内容会在这里等待。',
  sendNow: '立即发送',
  waits: '等待连接',
  refusedAs: (why) => `被拒绝：${why}`,
  again: '重新发送',
  drop: '放弃',
  dropTitle: '放弃这一项？',
  dropLead: '它会从本设备删除，服务器永远不会收到。',
  dropSubmit: '删除',
  prepared: (when) => `您的上门任务已保存在本设备上，截至${when}。`,
  preparing: '正在把您的上门任务保存到本设备…',
  notPrepared: '未能把您的全部上门任务保存到本设备。',
  what: {
    visit: (state) => `上门：${state}`,
    order: (state) => `派工单：${state}`,
    ticked: (text) => `已完成：${text}`,
    unticked: (text) => `未完成：${text}`,
    part: (name, state) => `${name}：${state}`,
    partTaken: (quantity, name) => `备件：${quantity} × ${name}`,
    file: (title) => `文件：${title}`,
    session: (title) => `已准备维修：${title}`,
    sessionMoved: (state) => `维修：${state}`,
    entry: (text) => `记录：${text}`
  }
};
