import type { Texts } from '../en';

export const exports: Texts['exports'] = {
  title: '导出',
  lead: '您可以看到的一切，导出为电子表格和其他程序能读取的 CSV 表。',
  kinds: {
    customers: '客户',
    contacts: '联系人',
    sites: '现场',
    assets: '设备',
    requests: '请求',
    tickets: '工单',
    work_orders: '派工单',
    visits: '上门',
    surveys: '调查'
  },
  readings:
    '一台设备的读数可在其历史页面保存；全部读数（包括 Parquet 和 InfluxDB 格式）可在命令行用 aftercare export 导出。',
  none: '没有您可以导出的内容。',
  evidence: '证据报告',
  evidenceLead: '当前的读数、步骤和签名，已签署。aftercare verify 无需本服务器即可逐字节核验。',
  page: '打开报告',
  document: '已签署的文件 (JSON)'
};
