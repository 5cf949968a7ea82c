import type { Texts } from '../en';

export const exports: Texts['exports'] = {
  title: '匯出',
  lead: '您可以看到的一切，匯出為試算表和其他程式能讀取的 CSV 表。',
  kinds: {
    customers: '客戶',
    contacts: '聯絡人',
    sites: '現場',
    assets: '設備',
    requests: '請求',
    tickets: '工單',
    work_orders: '維修單',
    visits: '到府',
    surveys: '調查'
  },
  readings:
    '一台設備的讀數可在其歷史頁面儲存；全部讀數（包括 Parquet 和 InfluxDB 格式）可在命令列用 aftercare export 匯出。',
  none: '沒有您可以匯出的內容。',
  evidence: '證據報告',
  evidenceLead: '目前的讀數、步驟和簽名，已簽署。aftercare verify 無需本伺服器即可逐位元組核驗。',
  page: '開啟報告',
  document: '已簽署的文件 (JSON)'
};
