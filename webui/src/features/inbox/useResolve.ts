import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { InboxItem } from '../../api/types'

export type Resolution = { release_id: number } | { answer: string | null } | { dismiss: true }

/** Tells the box the household's word on an inbox item. */
export function useResolve(item: InboxItem, done: (left: InboxItem | null) => void) {
    const client = useQueryClient()
    return useMutation({
        mutationFn: (body: Resolution) => api<{ settled: boolean; item: InboxItem | null }>(`/inbox/${item.id}/resolve`, { method: 'POST', body }),
        onSuccess: ({ settled, item: left }) => {
            void client.invalidateQueries({ queryKey: ['inbox'] })
            void client.invalidateQueries({ queryKey: ['collection'] })
            if (item.copy_id) void client.invalidateQueries({ queryKey: ['copy', item.copy_id] })
            done(settled ? null : left)
        },
    })
}
