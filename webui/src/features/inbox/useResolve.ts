import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ApiError } from '../../api/client'
import { queries } from '../../api/queries'
import type { InboxItem, Question } from '../../api/types'

export type Resolution = { release_id: number } | { answer: string | null; field: Question['field'] } | { dismiss: true } | { again: true }

/** Tells the box the household's word on an inbox item; the item as it is then takes the place of the one before. */
export function useResolve(id: string) {
    const client = useQueryClient()
    return useMutation({
        mutationFn: (body: Resolution) => api<InboxItem>(`/inbox/${id}/resolve`, { method: 'POST', body }),
        onSuccess: (item) => {
            client.setQueryData(queries.inboxItem(id).queryKey, item)
            void client.invalidateQueries({ queryKey: ['inbox'] })
            void client.invalidateQueries({ queryKey: ['collection'] })
            if (item.copy_id) void client.invalidateQueries({ queryKey: ['copy', item.copy_id] })
        },
        onError: (error) => {
            // Somebody else was faster: what the box asks by now is shown instead.
            if (error instanceof ApiError && error.status === 409) void client.invalidateQueries({ queryKey: queries.inboxItem(id).queryKey })
        },
    })
}
